"""The Streamlit side: session, controls, pages' parts."""
