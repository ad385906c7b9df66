"""The page Verify: this run, every run, and the documentation, each beside the installed Keras."""

from operator import attrgetter
from typing import Any

import streamlit as st

from adamax_viz.figures.differences import differences_figure
from adamax_viz.limits import LIMITS
from adamax_viz.parity import behaviour
from adamax_viz.parity import verdicts as verify
from adamax_viz.parity.answers import Answers
from adamax_viz.parity.behaviour import BEHAVIOURS, Behaviour, Evidence
from adamax_viz.parity.verdicts import VERDICTS, Case, Failure, Verdict, short
from adamax_viz.problems.models.backend import not_installed
from adamax_viz.study.link import to_query
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import LETTERS, TABLE
from adamax_viz.ui.parts.kept import kept
from adamax_viz.ui.parts.plain import plain
from adamax_viz.ui.parts.playground_link import PLAYGROUND, playground_link
from adamax_viz.ui.parts.polling import polled
from adamax_viz.ui.parts.style import theme
from adamax_viz.ui.state.address import ALL, write_param
from adamax_viz.ui.state.study_page import StudyPage
from adamax_viz.views.run.differences import differences_view, symbol_of
from adamax_viz.words.differing import WORDS

EVIDENCE = Answers(behaviour.show, attrgetter("says"))
_ALL = "verify_all"  # whether they run now, once somebody has begun


# -- this run ------------------------------------------------------------------------------------------------


def this_run(page: StudyPage) -> None:
    """The run in hand in the installed Keras; to open this page is to ask."""
    settings = page.spec.for_keras() or page.spec
    left, middle, right = st.columns([4, 3, 3], vertical_alignment="center")
    letter = "" if page.study.is_one else f"{LETTERS[page.target or 0]}: "
    left.markdown(f"**{letter}{settings.the_surface().title}**, {settings.steps} steps")
    entry = TABLE["dtype"]
    assert entry.control is not None
    options: dict[str, Any] = {"key": "c_verify_dtype", "help": entry.help, "label_visibility": "collapsed"}
    options["options"] = list(entry.control.choices)
    kept(middle.segmented_control, entry.label, page.spec.dtype, lambda dtype: page.change(dtype=dtype), **options)
    right.page_link(PLAYGROUND, label="Open in the Playground", icon=":material/route:", query_params=page.link())
    if missing := not_installed():
        st.info(f"{missing} The rest of the app works as ever.", icon=":material/help:")
        return
    VERDICTS.ask(settings)
    polled(_this_run, settings, waiting=lambda settings: VERDICTS.answer(settings) is None)


def _this_run(settings: RunSpec) -> None:
    found = VERDICTS.answer(settings)
    if found is None:
        st.info("Comparing… the first comparison also starts Keras, which takes a few seconds.", icon="spinner")
        return
    if isinstance(found, Failure):
        words = f"{plain(found.words)} The rest of the app does not need Keras and works as ever."
        st.warning(words, icon=":material/help:")
        return
    words = verify.in_words(found)
    say, icon = (st.success, "verified") if found.matches else (st.warning, "warning")
    line = f"**This run {words}.** {found.steps} micro-steps were compared; our run {found.ended}."
    say(line, icon=f":material/{icon}:")
    if (about := verify.about_version(found.versions)) is not None:
        st.warning(about, icon=":material/help:")
    if found.apart == 0:
        st.caption("Every number of every step is the same to the last digit, so there is nothing to draw.")
    else:
        per_step = {name: verify.distances(d) for name, d in found.differences.items()}
        figure = differences_figure(differences_view(per_step), found.allowed, theme())
        alt = f"Distance from Keras at each step; this run {words}"
        st.plotly_chart(figure, theme=None, config={"displayModeBar": False}, key="c_differences", alt=alt)
        st.caption(
            "The distance between this project's number and Keras's at each step: absolute, or relative to the "
            "largest value where that is above 1."
        )
    rows = [
        {
            "quantity": f"{WORDS[name]} {symbol_of(name)}",
            "largest difference": short(d.largest),
            "at step": str(d.step) if d.largest else "–",
            "relative to its peak": short(d.relative_to_peak),
        }
        for name, d in found.differences.items()
    ]
    st.dataframe(rows, hide_index=True, alt="Largest differences")
    names = [f"{name} {version}" for name, version in found.versions.items() if name != "backend"]
    st.caption(f"Compared with {', '.join(names)}, in {found.seconds:.1f} s, on the gradients that our run met.")


# -- every run -----------------------------------------------------------------------------------------------


def every_run() -> None:
    """Every preset and every effect's variants, a few at a time, until done or stopped."""
    if st.query_params.get(ALL) == "1" and not not_installed():
        st.session_state.setdefault(_ALL, True)  # that was begun before a restart goes on
    row = st.container(horizontal=True, vertical_alignment="center")
    if _is_running():
        row.button("Stop", icon=":material/stop:", key="c_verify_stop", on_click=_stop)
    else:
        again = "Run all again" if all(_answers()) else "Run the rest"
        words = again if _ALL in st.session_state else "Run all"
        missing = not_installed()
        options: dict[str, Any] = {"key": "c_verify_all", "type": "primary", "help": missing or None}
        row.button(words, icon=":material/play_arrow:", on_click=_start, disabled=bool(missing), **options)
    row.caption("Every example and every variant of every effect that Keras can run, in float32, Keras's own.")
    polled(_every_run, waiting=_is_running)


def _is_running() -> bool:
    if st.session_state.get(_ALL) and all(_answers()):
        _stop()
    return bool(st.session_state.get(_ALL))


def _answers() -> list[Verdict | Failure | None]:
    return [VERDICTS.answer(case.settings) for case in verify.everything()]


def _start() -> None:
    if _ALL in st.session_state and all(_answers()):
        for case in verify.everything():
            VERDICTS.forget(case.settings)
    st.session_state[_ALL] = True
    write_param(ALL, "1")


def _stop() -> None:
    st.session_state[_ALL] = False
    write_param(ALL, "")


def _every_run() -> None:
    if _ALL not in st.session_state:
        return
    compared = list(zip(verify.everything(), _answers(), strict=True))
    if _is_running():
        for case in [case for case, verdict in compared if verdict is None][: LIMITS.answers_ahead]:
            VERDICTS.ask(case.settings)
    done = [(case, verdict) for case, verdict in compared if verdict is not None]
    st.progress(len(done) / len(compared), f"{len(done)} of {len(compared)} compared")
    if done:
        st.markdown(_score([verdict for _, verdict in done]))
        links = {"run": st.column_config.LinkColumn("run", display_text="open")}
        rows = [_row(case, verdict) for case, verdict in done]
        st.dataframe(rows, hide_index=True, column_config=links, alt="Runs compared with Keras")
        # The table's links for those who use no mouse.
        left, right = st.columns(2, vertical_alignment="center")
        runs = {case.title: case.settings for case, _ in done}
        options: dict[str, Any] = {"index": None, "placeholder": "Open a run…", "label_visibility": "collapsed"}
        chosen = left.selectbox("Open a run", list(runs), key="c_verify_open", **options)
        if chosen in runs:
            playground_link(right, f"Open “{chosen}” in the Playground", runs[chosen])


def _score(verdicts: list[Verdict | Failure]) -> str:
    compared = [v for v in verdicts if isinstance(v, Verdict)]
    if not compared:
        return "None of them could be compared."
    fine = sum(v.matches for v in compared)
    worst = max(compared, key=lambda v: v.apart)
    failed = len(verdicts) - len(compared)
    rest = f" {failed} could not be compared." if failed else ""
    return (
        f"**{fine} of {len(compared)} match Keras {worst.versions['keras']} to {short(worst.allowed)}**; the furthest "
        f"is {short(worst.apart)} apart, in its {WORDS[worst.worst]}.{rest}"
    )


def _row(case: Case, verdict: Verdict | Failure) -> dict[str, Any]:
    words, distance, worst, step = "equal", "0", "–", "–"
    if isinstance(verdict, Failure):
        words, distance = verdict.words, "–"
    elif verdict.apart != 0:
        words, distance = "matches" if verdict.matches else "differs", short(verdict.apart)
        worst, step = WORDS[verdict.worst], str(verdict.differences[verdict.worst].step)
    return {
        "": case.group,
        "what": case.title,
        "verdict": words,
        "distance": distance,
        "in": worst,
        "at step": step,
        "run": f"./playground?{to_query(case.settings)}",
    }


# -- the documentation ---------------------------------------------------------------------------------------


def documentation() -> None:
    """Each line of the documentation that one may read otherwise, with a run of the installed Keras beside it."""
    missing = not_installed()
    if missing:
        st.info(missing, icon=":material/help:")
    else:
        for line in BEHAVIOURS:
            EVIDENCE.ask(line)
    polled(_documentation, waiting=lambda: not missing and None in map(EVIDENCE.answer, BEHAVIOURS))


def _documentation() -> None:
    for line in BEHAVIOURS:
        with st.container(border=True):
            left, right = st.columns(2)
            quote = f"`{line.says}`" if " = " in line.says else line.says
            left.markdown(f"{line.source} says\n\n> {quote}")
            right.markdown(f"**{line.does}**")
            if EVIDENCE.asked(line):
                right.markdown(_evidence(line, EVIDENCE.answer(line)))
            playground_link(right, "Open this run", line.settings)


def _evidence(line: Behaviour, found: Evidence | Failure | None) -> str:
    if found is None:
        return ":material/hourglass: running…"
    if isinstance(found, Failure):
        return f":material/help: {plain(found.words)}"
    keras = found.versions["keras"]
    documented, real = found.documented, found.real
    sign = ":material/check:" if found.shows else ":material/warning:"
    same = "equals" if real.largest == 0 else f"is {short(real.largest)} from"
    measured = line.measured or symbol_of(line.quantity)
    return (
        f"{sign} In this run {measured}, computed {line.reading}, is {short(documented.largest)} from Keras {keras}'s "
        f"at step {documented.step}; computed as said here it {same} Keras's."
    )
