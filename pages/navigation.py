"""Page config and navigation, nothing else."""

from pathlib import Path

import streamlit as st

from adamax_viz.ui.state.page_state import arrive

icon = str(Path(__file__).parent.parent / "adamax_viz/ui/icon.svg")
sidebar = "collapsed" if st.context.is_embedded else "auto"  # a frame in another page has little room
st.set_page_config("Adamax Lab", icon, layout="wide", initial_sidebar_state=sidebar)
page = st.navigation(
    [
        st.Page("home.py", title="Home", icon=":material/home:", default=True),
        st.Page("playground.py", title="Playground", icon=":material/route:", url_path="playground"),
        st.Page("effects.py", title="Effects", icon=":material/compare:", url_path="effects"),
        st.Page(
            "adam_to_adamax.py", title="From Adam to Adamax", icon=":material/all_inclusive:", url_path="adam_to_adamax"
        ),
        st.Page("models.py", title="Models", icon=":material/hub:", url_path="models"),
        st.Page("lessons.py", title="Lessons", icon=":material/school:", url_path="lessons"),
        st.Page("verify.py", title="Verify", icon=":material/balance:", url_path="verify"),
        st.Page("reference.py", title="Reference", icon=":material/menu_book:", url_path="reference"),
        st.Page("open.py", title="Open a file", icon=":material/folder_open:", url_path="open"),
    ]
)
arrive(page.url_path)
page.run()
