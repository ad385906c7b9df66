"""Playground: one run of Adamax on one surface, with every quantity of every step."""

import streamlit as st

from adamax_viz.ui import controls, playground, present, presets, session, share
from adamax_viz.ui.badge import badge
from adamax_viz.ui.code import code_of
from adamax_viz.ui.server import freeze_startup
from adamax_viz.ui.style import page_style

page_style()
present.style()
settings = session.settings()
session.write_link()
top = st.container()
playground.player()  # first of all: the picture should not wait for the widgets around it
badge(settings)
code_of(settings)
with top:
    tools = presets.preset_picker()
with tools:
    share.share_button(settings)
with st.sidebar:
    controls.surface_controls(settings)
    controls.all_groups(settings)
    present.button()
freeze_startup()
