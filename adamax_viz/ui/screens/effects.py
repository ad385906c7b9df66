"""The page Effects: which effect, its variants side by side in the player, and what can be changed about them."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from adamax_viz.player.mount import mount
from adamax_viz.player.scene import build_runs, surface_key
from adamax_viz.runs.run import Outcome, runs_of
from adamax_viz.study import study
from adamax_viz.study.knobs import study_knobs
from adamax_viz.study.link import to_params, to_query
from adamax_viz.study.named.effects import EFFECTS, FAMILIES, Effect, find_effect, first_of
from adamax_viz.study.study import LETTERS, MOST, Study
from adamax_viz.ui.parts import controls
from adamax_viz.ui.parts.badge import badges
from adamax_viz.ui.parts.code import code_of
from adamax_viz.ui.server import cache
from adamax_viz.ui.state import comparison_state as state
from adamax_viz.words.findings.registry import sentences
from adamax_viz.words.labels import label, labels

_ANSWERED, _SENT, _FINAL, _SHOWN_AT = (f"effects_{name}" for name in ("answered", "sent_surface", "final", "at"))
_FAMILY, _SCENE, _WHO = "e_family", "e_scene", "e_target"
ALL = "All"


@st.cache_resource(max_entries=32, show_spinner=False, hash_funcs={Study: to_query})
def _outcomes(shown: Study) -> list[Outcome]:
    """The variants' runs, computed once for everybody who looks at the same comparison."""
    return runs_of(shown.specs())


# -- which effect ----------------------------------------------------------------------------------------------


def chooser() -> None:
    """The effects as pills, the scenes of the chosen one, and the question it answers."""
    effect = _effect()
    st.session_state[_FAMILY] = effect.family
    st.pills("Effect", FAMILIES, key=_FAMILY, label_visibility="collapsed", on_change=_choose_family)
    scenes = [scene.name for scene in EFFECTS if scene.family == effect.family]
    left, right = st.columns([10, 11], vertical_alignment="center")
    left.markdown(f"**{effect.question}**")
    if len(scenes) > 1:
        st.session_state[_SCENE] = effect.name
        options: dict[str, Any] = {"format_func": _scene_title, "label_visibility": "collapsed"}
        right.pills("Scene", scenes, key=_SCENE, on_change=_choose_scene, **options)


def _effect() -> Effect:
    return state.shown().effect or EFFECTS[0]


def _scene_title(name: str) -> str:
    effect = find_effect(name)
    return effect.title if effect else name


def _choose_family() -> None:
    family = st.session_state[_FAMILY]
    if family:  # pressing the chosen pill again chooses nothing: it stays
        state.begin(first_of(family))


def _choose_scene() -> None:
    effect = find_effect(st.session_state[_SCENE])
    if effect:
        state.begin(effect)


# -- the player ------------------------------------------------------------------------------------------------


@st.fragment
def player(key: str = "comparison") -> None:
    """The live view of the variants; a request reruns this fragment alone until the thumb rests."""
    if st.session_state.pop(_FINAL, False):
        st.rerun()  # the sidebar and the link follow once the value is final
    shown = state.shown()
    outcomes = _outcomes(shown)
    if all(outcome.run is None for outcome in outcomes):
        _nothing_runs(shown, outcomes)
        return
    t = st.session_state.get(_SHOWN_AT, 0) if shown.base.problem().functions.moves else 0
    surface = surface_key(shown.base, t)
    effect, target = _effect(), state.target()
    header, arrays = build_runs(
        outcomes,
        cache.surface_view(shown.base, t),
        base=shown.base,
        query=to_query(shown),
        labels=labels(shown),
        of=study_knobs(shown, target),
        target=None if target is None else LETTERS[target],
        chosen=state.panels(),
        usual=effect.panels,
        line=effect.line,
        sentences=sentences(effect.says, outcomes),
        first=effect.first,
        named=effect.name,
        with_surface=st.session_state.get(_SENT) != surface,
    )
    header |= {"answered": st.session_state.get(_ANSWERED, 0), "complaints": state.take_complaints()}
    mount(key, header, arrays, _answer)
    st.session_state[_SENT] = surface


def compared() -> None:
    """How far the variants that Keras can run are from it, and the code of the one that the knobs move."""
    settings = state.shown().specs()
    plain = {letter: one for letter, s in zip(LETTERS, settings, strict=False) if (one := s.for_keras()) is not None}
    badges(plain, "e_badge")
    letter = LETTERS[state.target() or 0]
    if letter in plain:
        code_of(plain[letter], f"Code of {letter}")


def _nothing_runs(shown: Study, outcomes: list[Outcome]) -> None:
    st.session_state.pop(_SENT, None)
    for i, outcome in enumerate(outcomes):
        st.error(f"{outcome.letter}, {label(shown, i)}: {outcome.refusal}")
    for complaint in state.take_complaints():
        st.warning(complaint)
    st.button("As at the beginning", on_click=state.begin, args=(_effect(),), key="e_back")


def _answer(request: dict[str, Any]) -> None:
    """Take what the player asks for into the comparison."""
    fields = dict(request["fields"])
    if "need" in fields:
        del fields["need"]
        st.session_state.pop(_SENT, None)
    if "surface_step" in fields:
        st.session_state[_SHOWN_AT] = max(0, int(fields.pop("surface_step")))
    if "panels" in fields:
        state.choose_panels(fields.pop("panels"))
    if fields:
        state.apply(fields)
    st.session_state[_ANSWERED] = request["sequence"]
    st.session_state[_FINAL] = bool(request["final"])


# -- the sidebar -----------------------------------------------------------------------------------------------


def editor() -> None:
    """Whom knobs and controls move: all variants or one; and the discrete choices of it."""
    shown = state.shown()
    letters = [ALL, *LETTERS[: len(shown.variants)]]
    st.session_state[_WHO] = letters[0 if state.target() is None else 1 + state.target()]  # type: ignore[operator]
    st.segmented_control(
        "Knobs and controls move",
        letters,
        key=_WHO,
        on_change=_choose_target,
        help="All variants together, or one alone. A variant keeps its own values when all are moved.",
    )
    i = state.target()
    if i is None:
        _edit_all(shown)
    else:
        _edit_one(shown, i)


def _choose_target() -> None:
    chosen = st.session_state[_WHO]
    if chosen:
        state.choose_target(None if chosen == ALL else LETTERS.index(chosen))


def _edit_all(shown: Study) -> None:
    left, right = st.columns(2)
    full = len(shown.variants) >= MOST
    left.button("Add a variant", on_click=state.edit, args=(study.add,), disabled=full, width="stretch", key="e_add")
    right.button("Start over", on_click=state.begin, args=(_effect(),), width="stretch", key="e_over")
    target = controls.Target("e", lambda: state.shown().base, partial(state.change, None))
    controls.surface_controls(shown.base, target)
    own = {n for n, value in shown.base.model_dump().items() if value != _effect().base.get(n, _default(n))}
    controls.all_groups(shown.base, target, own)


def _default(name: str) -> Any:
    field = type(state.shown().base).model_fields[name]
    return field.get_default(call_default_factory=True)


def _edit_one(shown: Study, i: int) -> None:
    settings, letter = shown.specs()[i], LETTERS[i]
    st.markdown(f"**{letter}: {label(shown, i)}**")
    left, right = st.columns(2)
    full, few = len(shown.variants) >= MOST, len(shown.variants) <= shown.fewest
    left.button(
        "Duplicate", on_click=state.edit, args=(study.duplicate, i), disabled=full, width="stretch", key="e_dup"
    )
    right.button("Remove", on_click=state.edit, args=(study.remove, i), disabled=few, width="stretch", key="e_remove")
    refusal = settings.refusal()
    if refusal is None:
        st.page_link(
            "playground.py",
            label=f"Open {letter} in Playground",
            icon=":material/route:",
            query_params=to_params(settings),
        )
    else:
        st.caption(refusal)
    target = controls.Target(f"e{i}", lambda: state.shown().specs()[i], partial(state.change, i))
    controls.all_groups(settings, target, shown.variants[i])
