"""Verify: this run, and every other, beside the installed keras.optimizers.Adamax."""

import streamlit as st

from adamax_viz.ui.parts.plain import plain
from adamax_viz.ui.screens import verify
from adamax_viz.ui.state.study_page import study_page

page = study_page("verify")
page.write()
st.header("Verify", anchor=False)
st.markdown(
    "Everything on the screen comes from one engine. Here its numbers are held against the installed "
    "`keras.optimizers.Adamax`, fed with the same gradients."
)
for complaint in page.complaints:  # they stay: the page is drawn anew whenever a comparison ends
    st.warning(plain(complaint))
st.subheader("This run", anchor="run")
verify.this_run(page)
st.subheader("Every run", anchor="all")
verify.every_run()
st.subheader("What the documentation says, and what Keras does", anchor="documentation")
st.markdown("Each line is computed from a run of the installed Keras.")
verify.documentation()
