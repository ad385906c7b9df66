"""The page From Adam to Adamax: the component, and section 7.1 of the paper in the run's own numbers."""

from functools import partial
from math import inf, isfinite, isinf, nan

import streamlit as st

from adamax_viz.player.norms import build_norms
from adamax_viz.runs import norms
from adamax_viz.study.link import to_params
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import Study
from adamax_viz.study.wrong_values import shortened, unfit
from adamax_viz.ui.parts.plain import plain
from adamax_viz.ui.parts.style import theme
from adamax_viz.ui.server import cache
from adamax_viz.ui.state.address import shown_params, write_param
from adamax_viz.ui.state.study_page import StudyPage
from adamax_viz.views.notation import coloured

_SEEN = "norms_seen"
_P, _DRAWN = "p", "g"  # parameters of the page: the exponent, and gradients drawn by hand
_TRIES = (
    ("The banana", norms.START),
    ("One outlier", norms.START.changed(surface="round_bowl", noise="outlier", noise_scale=40.0, noise_step=12)),
    ("A ravine across the axes", norms.START.changed(surface="rotated_ravine")),
    ("Noise", norms.START.changed(surface="booth", noise="gaussian", noise_scale=8.0)),
)


def begin(page: StudyPage) -> None:
    """Whoever comes without settings of their own gets some that show the difference."""
    if not (st.session_state.get(_SEEN) or shown_params()) and page.study == Study(RunSpec()):
        page.begin(Study(norms.START))
    st.session_state[_SEEN] = True


@st.fragment
def slider(page: StudyPage) -> None:
    """The player on the page's run."""
    page.follow()
    settings = page.spec
    if refusal := settings.refusal():
        st.error(plain(refusal))
        return
    page.handlers = {name: partial(_into_the_link, name) for name in (_P, _DRAWN)}
    page.sent_surface = None  # this scene wants the heights each time
    page.show("norms", *build_norms(settings, cache.surface_view(settings), _p_of_link(page), _drawn_of_link()))


def _p_of_link(page: StudyPage) -> float:
    """The p of the address; 2 if there is none, or none from 2 on: that is said, and the address forgets it."""
    text = st.query_params.get(_P, "2")
    try:
        p = float(text)
    except ValueError:
        p = nan
    if p >= 2:
        return p
    page.complaints.append(f"p = “{shortened(text)}” can't be used (it is a number from 2 to inf); 2 is shown.")
    write_param(_P, "")
    return 2.0


def _drawn_of_link() -> list[float] | None:
    """The gradients of the address, None if they are no list of numbers that fits."""
    try:
        drawn = [float(text) for text in st.query_params.get(_DRAWN, "").split(",")]
    except ValueError:
        return None
    return drawn if 1 < len(drawn) <= norms.SHOWN and all(map(isfinite, drawn)) else None


def _into_the_link(name: str, value: object) -> None:
    if isinstance(value, str) and not unfit(value):
        st.query_params[name] = value


def tries() -> None:
    """Other runs to look at."""
    row = st.container(horizontal=True)
    for title, settings in _TRIES:
        row.page_link("adam_to_adamax.py", label=title, icon=":material/replay:", query_params=to_params(settings))


_DERIVATION: tuple[tuple[str, str], ...] = (
    (
        "Adam divides by a root of mean squares: v forgets with β₂ and takes in the square of each gradient.",
        r"$$v_t = \beta_2 v_{t-1} + (1-\beta_2)\,\g_t^2, \qquad \Delta_t = -\frac{\alpha}{1-\beta_1^t}\,"
        r"\frac{\m_t}{\sqrt{v_t/(1-\beta_2^t)}}$$",
    ),
    (
        "Squares are one choice of many. With the exponent p instead of 2, and β₂ᵖ instead of β₂, so that one β₂ means "
        "the same memory for every p:",
        r"$$v_t = \beta_2^p\, v_{t-1} + (1-\beta_2^p)\,|\g_t|^p$$",
    ),
    (
        "Written out from the first gradient on, each one counts with the power of β₂ that its age gives it:",
        r"$$v_t = (1-\beta_2^p)\sum_{i=1}^{t}\beta_2^{p(t-i)}\,|\g_i|^p$$",
    ),
    (
        "The step divides by the p-th root of that. The factor in front leaves the sum, and its root goes to 1:",
        r"$$v_t^{1/p} = (1-\beta_2^p)^{1/p}\Bigl(\sum_{i=1}^{t}\bigl(\beta_2^{t-i}|\g_i|\bigr)^p\Bigr)^{1/p}$$",
    ),
    (
        "What is left is a p-norm. As p grows, the largest term outgrows the others, and in the limit it is all there "
        "is:",
        r"$$\u_t = \lim_{p\to\infty} v_t^{1/p} = \max\bigl(\beta_2^{t-1}|\g_1|,\ \beta_2^{t-2}|\g_2|,\ \ldots,\ "
        r"\beta_2|\g_{t-1}|,\ |\g_t|\bigr)$$",
    ),
    (
        "That maximum needs no list of gradients: yesterday's maximum fades by β₂, and the new gradient may beat it. "
        "The correction of Adam's v for its start at zero, $(1-\\beta_2^{pt})^{1/p}$, goes to 1 as well: u needs none, "
        "m still does.",
        r"$$\u_t = \max(\beta_2\,\u_{t-1},\ |\g_t|), \qquad \Delta_t = -\frac{\alpha}{1-\beta_1^t}\,"
        r"\frac{\m_t}{\u_t + \varepsilon}$$",
    ),
)


def derivation(settings: RunSpec) -> None:
    """Section 7.1 of the paper, line by line, and its limit in numbers."""
    for number, (words, formula) in enumerate(_DERIVATION, 1):
        st.markdown(f"**{number}.** {words}")
        st.markdown(coloured(formula, theme()))
    if settings.refusal():
        return  # said above, at the player
    run = norms.on_surface(settings, [inf])
    source = norms.sources(settings.problem(), run)[0]
    st.markdown(
        f"**In numbers.** The first {len(source.gradients)} gradients of Adamax's run ({source.title}), "
        f"after the last of them, with β₂ = {settings.beta_2:g}:"
    )
    rows = norms.limits_table(source.gradients, settings.beta_2)
    st.table(
        {
            "p": ["∞" if isinf(row["p"]) else f"{row['p']:g}" for row in rows],
            "(1 − β₂ᵖ)^(1/p)": [f"{row['factor']:.6f}" for row in rows],
            "v^(1/p)": [f"{row['u']:.6g}" for row in rows],
            "v^(1/p) − u": [f"{row['gap']:.3g}" for row in rows],
        },
        hide_index=True,
    )
    st.caption(
        "p = 2 is Adam exactly if Adam's own beta_2 is the square of the one here: "
        f"keras.optimizers.Adam(beta_2={settings.beta_2 * settings.beta_2:.6g}). p = ∞ is keras.optimizers.Adamax."
    )
