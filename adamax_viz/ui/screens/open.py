"""Files that come back: replayed in the player, and compared with each other or with the Playground's run."""

import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from adamax_viz.core.trajectory import Trajectory
from adamax_viz.figures.differences import differences_figure
from adamax_viz.files.reopen import open_file
from adamax_viz.files.strict_csv import MAX_BYTES, TableError
from adamax_viz.files.table import Opened
from adamax_viz.player.pack import Arrays, Header
from adamax_viz.player.scene import alone, build_runs
from adamax_viz.player.standalone import snapshots, standalone_page
from adamax_viz.runs.columns import columns_table
from adamax_viz.runs.distance import RunDifference, compare_runs
from adamax_viz.runs.frame import csv_text
from adamax_viz.runs.run import Run, labelled
from adamax_viz.study.link import to_query
from adamax_viz.study.sharing import share_link
from adamax_viz.study.study import Study
from adamax_viz.study.wrong_values import shortened
from adamax_viz.ui.parts.plain import plain
from adamax_viz.ui.parts.playground_link import playground_link
from adamax_viz.ui.parts.share import page_address
from adamax_viz.ui.parts.style import theme
from adamax_viz.ui.parts.uploads import field_key, name_and_size, remembered
from adamax_viz.ui.server import cache
from adamax_viz.ui.state.address import PANELS, whole, write_param
from adamax_viz.ui.state.page_state import kept_state, visited
from adamax_viz.ui.state.study_page import StudyPage, known_charts
from adamax_viz.views.run.differences import DRAWN, differences_view, symbol_of
from adamax_viz.views.run.panels import DEFAULT_PANELS, panels
from adamax_viz.words.differing import WORDS, in_words
from adamax_viz.words.numbers import number, point

_FILES, _NAMES, _ROUND = "open_files", "open_names", "open_round"
_SHOWN, _BESIDE = "shown", "beside"  # parameters of the page: what is replayed, and with what it is compared
KEPT = 6  # files at once
_PARTS = ["tabs", "chooser", "landscape", "panels", "transport", "words"]
_PLAYGROUND = "the run in the Playground"


def uploads() -> list[Opened]:
    """The uploader; the runs of all files that were opened in this session, the newest first."""
    files: dict[str, list[Opened]] = st.session_state.setdefault(_FILES, {})
    names: dict[str, tuple[str, int]] = st.session_state.setdefault(_NAMES, {})
    key = f"{field_key('open_upload')}_{st.session_state.setdefault(_ROUND, 0)}"
    sent = st.file_uploader(
        "A file that Adamax Lab saved (CSV, JSON, HTML, ZIP), or a table of your own training loop",
        type=["csv", "json", "html", "zip"],
        accept_multiple_files=True,
        max_upload_size=MAX_BYTES // 1_000_000,
        key=key,
    )
    for upload in sent:
        if upload.file_id not in files:
            try:
                files[upload.file_id] = open_file(upload.name, upload.getvalue())
                names[upload.file_id] = name_and_size(upload)
            except TableError as error:
                words = f"“{shortened(upload.name)}” can't be opened. {error}"
                st.error(plain(words), icon=":material/error:")
    for name in list(files)[:-KEPT]:
        del files[name]
    remembered("open", key, [names[name] for name in files], KEPT)
    return [opened for name in reversed(files) for opened in files[name]]


def about_columns() -> None:
    """Which columns a table needs, and what they mean."""
    with st.expander("A table of your own loop: which columns?", icon=":material/table:"):
        st.markdown(
            "A CSV with a header, one row a step. **Needed** are two columns `theta_<name>`, such as `theta_x` and "
            "`theta_y`: the weights before each step. Everything else is shown where it is there. The column `run` may "
            "hold a link of the Playground: it says which surface and which settings made the run.\n\n"
            + columns_table()
        )


def choose(runs: list[Opened]) -> tuple[Opened, tuple[str, Trajectory] | None]:
    """Which run to replay, and what to compare it with: its name and record."""
    left, middle, right = st.columns([5, 5, 2], vertical_alignment="bottom")
    index = _select(left, "Replay", _SHOWN, range(len(runs)), 0, format_func=lambda i: _label(runs, i))
    others = {_label(runs, i): run.trajectory for i, run in enumerate(runs) if i != index}
    playground = visited("playground")
    names = [*others, *([_PLAYGROUND] if playground and not playground.spec.refusal() else [])]
    name = _select(middle, "Compare with", _BESIDE, names, placeholder="another file, or the Playground's run")
    right.button("Close all", icon=":material/close:", on_click=_forget, help="Forget the files of this session.")
    if name is None:
        return runs[index], None
    return runs[index], (name, others[name] if name in others else cache.run(playground.spec))


def _select(place: Any, label: str, name: str, options: Sequence[Any], usual: Any = None, **more: Any) -> Any:
    """A choice that is in the address, for as long as there are so many options."""
    key, count = f"open_{name}", len(options)
    text, _, of = st.query_params.get(name, "").partition(".")
    index = whole(text) if of == str(count) else None
    st.session_state[key] = options[index] if index is not None and index < count else usual

    def changed() -> None:
        chosen = st.session_state[key]
        write_param(name, "" if chosen == usual else f"{options.index(chosen)}.{count}")

    return place.selectbox(label, options, key=key, on_change=changed, **more)


def _label(runs: list[Opened], index: int) -> str:
    opened = runs[index]
    several = sum(other.name == opened.name for other in runs) > 1
    return f"{opened.name}: {to_query(opened.settings)}" if several and opened.known else opened.name


def _forget() -> None:
    st.session_state[_FILES] = {}
    st.session_state[_NAMES] = {}
    st.session_state[_ROUND] += 1


@st.fragment
def replay(opened: Opened, other: tuple[str, Trajectory] | None = None) -> None:
    """The player on a file's numbers, with another run's path; what would compute another run is left out."""
    settings = opened.settings
    panels_of_link = known_charts(st.query_params.get(PANELS), Study(settings))
    page = kept_state("open", lambda: StudyPage(charts=panels_of_link))  # whatever file it is: charts stay
    page.follow()
    write_param(PANELS, "" if page.charts is None else ",".join(page.charts))
    run = labelled(opened.trajectory, lambda _: to_query(settings) if opened.known else opened.name)
    # The usual charts, but for those of which the file has nothing.
    full = {chart.key for chart in panels([run]) if any(np.isfinite(line.values).any() for line in chart.lines)}
    chosen = page.charts or tuple(key for key in DEFAULT_PANELS if key in full)
    options: dict[str, Any] = {"show": _PARTS + ["ledger"] * opened.known, "take": ["png", "svg", "gif"]}
    study, outcomes = Study(settings), alone(settings, run)
    view = cache.surface_view(settings, page.surface_step)
    try:
        header, arrays = build_runs(study, outcomes, view, locked=["start"], options=options, chosen=chosen)
    except Exception:  # numbers of others may be anything; what they did is in the log
        logging.getLogger(__name__).exception("a file that can't be drawn")
        words = f"The numbers of “{shortened(opened.name)}” can't be drawn as a run; the file is as it was."
        st.error(plain(words), icon=":material/error:")
        return
    if not opened.known:
        theta = run["theta"][0]
        words = f"From {point(theta[0])} to {point(theta[-1])} in {run.steps} steps."
        header |= {"title": shortened(opened.name), "link": ""}
        header["runs"][0] |= {"diagnosis": [], "summary": words}
    offline = partial(_offline, opened, run, header | {"options": options}, arrays)
    page.complaints = list(opened.complaints)
    if other is not None:
        header["options"]["beside"] = [{"array": "other", "label": shortened(other[0])}]
        arrays = arrays | {"other": other[1].only(0).happened()["theta"][0]}
    page.show("open_player", header, arrays)
    left, right, _ = st.columns([3, 3, 4])
    if opened.known:
        playground_link(left, "Go on in the Playground", opened.settings, "arrow_forward")
    right.download_button(
        "Page that plays offline",
        offline,
        "adamax-replay.html",
        "text/html",
        icon=":material/download:",
        on_click="ignore",
    )


def _offline(opened: Opened, run: Run, header: Header, arrays: Arrays) -> str:
    link = share_link(page_address(), opened.settings) if opened.known else ""
    more, heights = snapshots(opened.settings)
    return standalone_page(header | more, arrays | heights, table=csv_text(run, run.labels), link=link)


def comparison(replayed: Opened, name: str, other: Trajectory) -> RunDifference:
    """Where the two runs part, in words."""
    compared = compare_runs(replayed.trajectory, other)
    first, second = (plain(shortened(each)) for each in (replayed.name, name))
    st.info(f"**{first}** and **B {second}**: {in_words(compared)}", icon=":material/compare_arrows:")
    return compared


def differences(compared: RunDifference) -> None:
    """How far apart the two runs are, quantity by quantity and step by step."""
    per_step = {name: d.per_step for name, d in compared.quantities.items() if name in DRAWN}
    if any(d.largest > 0 for d in compared.quantities.values()):
        figure = differences_figure(differences_view(per_step), None, theme())
        alt = "Distance between the two runs at each step"
        st.caption("How far the two are apart at each step; where a line rests on the floor, they are equal.")
        st.plotly_chart(figure, theme=None, config={"displayModeBar": False}, key="open_differences", alt=alt)
    rows = [
        {
            "quantity": f"{WORDS[quantity]} {symbol_of(quantity)}",
            "largest difference": number(d.largest) if d.largest < float("inf") else "one of them is empty",
            "at step": str(d.step) if d.largest > 0 else "",
            "first differs at step": "never" if d.first is None else str(d.first),
        }
        for quantity, d in compared.quantities.items()
    ]
    st.table(rows)
