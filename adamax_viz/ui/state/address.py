"""The address bar: parameters that say what is shown, beside those of the page itself."""

import streamlit as st

from adamax_viz.study.link import is_run
from adamax_viz.ui.state.shown import PANELS, TARGET

ALL = "all"
# Parameters that are no settings, and those of them that belong to the page, whatever it shows.
NO_SETTINGS = frozenset(
    {"v", "embed", "embed_options", "locked", "show", "present", "step", "p", "g", ALL, PANELS, TARGET}
)
_OF_THE_PAGE = NO_SETTINGS - {PANELS, TARGET}


def shown_params() -> dict[str, str]:
    """What the address says of what is shown."""
    return {name: text for name, text in st.query_params.to_dict().items() if not _is_of_the_page(name, text)}


def write_params(params: dict[str, str]) -> None:
    """Say this instead; parameters of the page stay."""
    page = {name: text for name, text in st.query_params.to_dict().items() if _is_of_the_page(name, text)}
    st.query_params.from_dict(page | params)


def _is_of_the_page(name: str, text: str) -> bool:
    """The letters of runs are parameters of a page too."""
    return name in _OF_THE_PAGE and not is_run(name, text)


def write_param(name: str, text: str) -> None:
    """Say one thing more, or no longer if there is nothing to say."""
    if text:
        st.query_params[name] = text
    else:
        st.query_params.pop(name, None)
