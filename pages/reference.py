"""Reference: every argument of keras.optimizers.Adamax, and what Keras does with it at the extremes."""

import streamlit as st

from adamax_viz.ui.screens import reference

st.header("Reference", anchor=False)
st.markdown(
    "Every argument of `keras.optimizers.Adamax` and `LossScaleOptimizer`: what it is, and what Keras does with it."
)
shown = reference.search()
places = [*(argument.name for argument in shown), "neighbours"]
st.markdown(" · ".join(f"[{place}](#{place})" for place in places))
reference.arguments(shown)
st.subheader("Next door", anchor="neighbours")
st.markdown("The same name, other numbers: what to mind when a run moves from one library to another.")
reference.neighbours()
