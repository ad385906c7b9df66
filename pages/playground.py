"""Playground: one run of Adamax on one surface, with every quantity of every step."""

import streamlit as st

from adamax_viz.ui.parts import controls, present, presets, share
from adamax_viz.ui.parts.badge import badge
from adamax_viz.ui.parts.code import code_of
from adamax_viz.ui.parts.style import page_style
from adamax_viz.ui.screens import playground
from adamax_viz.ui.server.routes import freeze_startup
from adamax_viz.ui.state import session

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
