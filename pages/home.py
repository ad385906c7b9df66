"""Home: what this is in one screen, with a run that moves and doors to everything else."""

import streamlit as st

from adamax_viz.ui.screens import home

home.open_old_links()
left, right = st.columns([10, 11], gap="large", vertical_alignment="center")
with left:
    home.welcome()
with right:
    home.small_player()
home.cards()
