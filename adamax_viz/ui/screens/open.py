"""Files that come back: replayed in the player, and compared with each other or with the Playground's run."""

import logging
import threading
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from adamax_viz.core.trajectory import Trajectory, held_bytes
from adamax_viz.figures.differences import differences_figure
from adamax_viz.files.refusal import TableError
from adamax_viz.files.reopen import open_file
from adamax_viz.files.table import Opened
from adamax_viz.limits import LIMITS
from adamax_viz.player.pack import Arrays, Header
from adamax_viz.player.scene import alone, build_runs
from adamax_viz.player.standalone import snapshots, standalone_page
from adamax_viz.problems.surfaces.formula_text import FormulaBusy
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
from adamax_viz.ui.server import cache, page_runs
from adamax_viz.ui.server.hooks import forget_upload
from adamax_viz.ui.state.address import write_param
from adamax_viz.ui.state.asked import whole
from adamax_viz.ui.state.page_state import kept_state, visited
from adamax_viz.ui.state.shown import PANELS, known_charts
from adamax_viz.ui.state.study_page import StudyPage
from adamax_viz.views.run.differences import DRAWN, differences_view, symbol_of
from adamax_viz.views.run.panels import DEFAULT_PANELS, panels
from adamax_viz.words.differing import WORDS, in_words
from adamax_viz.words.numbers import number, point

# Of a session: its open files by their ids, the newest last; the ids in its upload field that were read; what could
# not be opened, or had to be closed.
_FILES, _READ, _SAID, _ROUND = "open_files", "open_read", "open_said", "open_round"
_SHOWN, _BESIDE = "shown", "beside"  # parameters of the page: what is replayed, and with what it is compared
_AT_ONCE = threading.BoundedSemaphore(LIMITS.files_at_once)
_PARTS = ["tabs", "chooser", "landscape", "panels", "transport", "words"]
_PLAYGROUND = "the run in the Playground"


class _File(NamedTuple):
    """A file that is open."""

    name: str
    size: int  # bytes
    runs: list[Opened]


def uploads() -> list[Opened]:
    """The uploader; the runs of all files that are open in this session, the newest first."""
    files: dict[str, _File] = st.session_state.setdefault(_FILES, {})
    read: set[str] = st.session_state.setdefault(_READ, set())
    field = f"{field_key('open_upload')}_{st.session_state.setdefault(_ROUND, 0)}"
    sent = st.file_uploader(
        "A file that Adamax Lab saved (CSV, JSON, HTML, ZIP), or a table of your own training loop",
        type=["csv", "json", "html", "zip"],
        accept_multiple_files=True,
        max_upload_size=LIMITS.file_bytes // 1_000_000,
        key=field,
    )
    read.intersection_update(upload.file_id for upload in sent)
    if fresh := [upload for upload in sent if upload.file_id not in read]:
        read.update(upload.file_id for upload in fresh)
        st.session_state[_SAID] = [*_open(fresh, files), *_make_room(files)]
    for words in st.session_state.get(_SAID, ()):
        st.error(plain(words), icon=":material/error:")
    remembered("open", field, [(file.name, file.size) for file in files.values()], LIMITS.opened_files)
    return [opened for file in reversed(files.values()) for opened in file.runs]


def _open(uploads: list[UploadedFile], files: dict[str, _File]) -> list[str]:
    """Open what was sent; what can't be opened is said. The files themselves are let go."""
    said = []
    for place, upload in enumerate(uploads, 1):
        if place > LIMITS.opened_files:
            said.append(f"“{shortened(upload.name)}” was not opened: {LIMITS.opened_files} files are opened at once.")
            forget_upload(upload.file_id)
            continue
        try:
            with _AT_ONCE:
                runs = open_file(upload.name, upload.getvalue())
            files[upload.file_id] = _File(*name_and_size(upload), runs)
        except FormulaBusy as error:
            said.append(f"“{shortened(upload.name)}” can't be opened yet. {error}")
            st.session_state[_READ].discard(upload.file_id)  # with the page's next change it is tried again
            continue
        except TableError as error:
            said.append(f"“{shortened(upload.name)}” can't be opened. {error}")
        except Exception:
            logging.getLogger(__name__).exception("a file that was not foreseen")
            said.append(f"“{shortened(upload.name)}” can't be opened; why is in the server's log.")
        forget_upload(upload.file_id)
    return said


def _make_room(files: dict[str, _File]) -> list[str]:
    """Close the oldest files where there are too many, or they take too much; the newest stays whatever it takes."""
    sizes = {
        key: held_bytes(array for opened in file.runs for array in opened.trajectory.arrays.values())
        for key, file in files.items()
    }
    closed = []
    for key in list(files)[:-1]:
        if len(sizes) <= LIMITS.opened_files and sum(sizes.values()) <= LIMITS.opened_bytes:
            break
        del sizes[key]
        closed.append(files.pop(key).name)
    return [f"“{shortened(name)}” was closed to make room; open it again if you need it." for name in closed]


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
    labels = _labels(runs)
    index = _select(left, "Replay", _SHOWN, range(len(runs)), 0, format_func=labels.__getitem__)
    others = {label: run.trajectory for i, (label, run) in enumerate(zip(labels, runs, strict=True)) if i != index}
    playground = visited("playground")
    names = [*others, *([_PLAYGROUND] if playground and not playground.spec.refusal() else [])]
    name = _select(middle, "Compare with", _BESIDE, names, placeholder="another file, or the Playground's run")
    right.button("Close all", icon=":material/close:", on_click=_forget, help="Forget the files of this session.")
    if name is None:
        return runs[index], None
    return runs[index], (name, others[name] if name in others else page_runs.run(playground.spec))


def _labels(runs: list[Opened]) -> list[str]:
    """A name for each run: the file's, with what tells it from others of that name."""
    named = Counter(opened.name for opened in runs)
    labels: list[str] = []
    for opened in runs:
        several = named[opened.name] > 1
        labels.append(f"{opened.name}: {to_query(opened.settings)}" if several and opened.known else opened.name)
    repeated, seen = Counter(labels), Counter[str]()
    for i, label in enumerate(labels):
        seen[label] += 1
        labels[i] = f"{label} ({seen[label]})" if repeated[label] > 1 else label
    return labels


def _select(place: Any, label: str, name: str, options: Sequence[Any], usual: Any = None, **more: Any) -> Any:
    """A choice that is in the address, for as long as there are so many options."""
    key, count = f"open_{name}", len(options)
    text, _, of = st.query_params.get(name, "").partition(".")
    index = whole(text) if of == str(count) else None
    st.session_state[key] = options[index] if index is not None and index < count else usual

    def changed() -> None:
        chosen = st.session_state[key]
        write_param(name, "" if chosen == usual else f"{options.index(chosen)}.{count}")

    index = None if usual is None else list(options).index(usual)
    return place.selectbox(label, options, index, key=key, on_change=changed, **more)


def _forget() -> None:
    st.session_state[_FILES], st.session_state[_SAID] = {}, []
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
