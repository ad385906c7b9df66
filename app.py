"""Adamax Lab: page config and navigation, nothing else."""

import streamlit as st

st.set_page_config("Adamax Lab", ":material/query_stats:", layout="wide")
st.navigation([st.Page("pages/playground.py", title="Playground", icon=":material/route:", default=True)]).run()
