"""The linked, live view of a run: a Streamlit component and what it is fed."""
