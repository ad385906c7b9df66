"""The code of a run, to copy or take home."""

import streamlit as st

from adamax_viz.files.code.run_code import keras_code, library_code
from adamax_viz.study.spec import RunSpec

_KINDS = {
    "Keras alone": (keras_code, "keras", "Needs Keras, JAX and NumPy. The surface and its gradient are plain NumPy."),
    "adamax_viz": (library_code, "lab", "Needs this project's package. Every quantity of every step is recorded."),
}


@st.fragment
def code_of(settings: RunSpec, title: str = "Code of this run") -> None:
    """An expander with the run as Python; the text is only made while it is open."""
    expander = st.expander(title, icon=":material/code:", key="c_code", on_change="rerun")
    if not expander.open:
        return
    with expander:
        for tab, (title, (make, name, words)) in zip(st.tabs(list(_KINDS)), _KINDS.items(), strict=True):
            with tab:
                code = make(settings)
                st.caption(words)
                st.code(code, height=420)
                file = f"adamax_{settings.surface}_{name}.py"
                st.download_button("Download", code, file, "text/x-python", key=f"c_code_{title}", on_click="ignore")
