"""Page config, style and navigation, nothing else."""

from pathlib import Path

import streamlit as st

from adamax_viz.ui.parts.style import page_style
from adamax_viz.ui.server.routes import freeze_startup
from adamax_viz.ui.state.page_state import arrive
from adamax_viz.ui.state.session import come_back

icon = str(Path(__file__).parent.parent / "adamax_viz/ui/icon.svg")
sidebar = "collapsed" if st.context.is_embedded else "auto"  # a frame in another page has little room
st.set_page_config("Adamax Lab", icon, layout="wide", initial_sidebar_state=sidebar)
page = st.navigation(
    [
        st.Page("home.py", title="Home", icon=":material/home:", default=True),
        st.Page("playground.py", title="Playground", icon=":material/route:"),
        st.Page("effects.py", title="Effects", icon=":material/compare:"),
        st.Page("adam_to_adamax.py", title="From Adam to Adamax", icon=":material/all_inclusive:"),
        st.Page("models.py", title="Models", icon=":material/hub:"),
        st.Page("lessons.py", title="Lessons", icon=":material/school:"),
        st.Page("verify.py", title="Verify", icon=":material/balance:"),
        st.Page("reference.py", title="Reference", icon=":material/menu_book:"),
        st.Page("open.py", title="Open a file", icon=":material/folder_open:"),
    ]
)
arrive(page.url_path)
page_style()
come_back()
page.run()
if page.url_path in ("", "playground", "effects", "models"):
    freeze_startup()  # there the player is loaded, and what it needs
