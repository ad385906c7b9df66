"""From Adam to Adamax: the exponent p on a slider, from 2 to infinity, and the derivation of section 7.1."""

import streamlit as st

from adamax_viz.ui.parts import controls
from adamax_viz.ui.screens import norms
from adamax_viz.ui.state.study_page import study_page

page = study_page("adam_to_adamax")
norms.begin(page)
page.write()
st.header("From Adam to Adamax", anchor=False)
st.markdown(
    "Adam divides by a mean of squares, Adamax by a maximum. Between them lies one exponent: move **p** and watch the "
    "accumulator, the steps and the path go from one to the other."
)
norms.slider(page)
norms.tries()
st.subheader("Why the limit is a maximum", anchor="derivation")
norms.derivation(page.spec)
with st.sidebar:
    controls.surface_controls(page)
