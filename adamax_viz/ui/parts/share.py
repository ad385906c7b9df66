"""The share dialog: link, QR code, locks for a class, presenter link, and a frame for another page."""

import streamlit as st

from adamax_viz.study.sharing import Locks, embed_snippet, lockable, only, qr_svg, share_link
from adamax_viz.study.spec import RunSpec
from adamax_viz.ui.state.study_page import StudyPage

_FREE, _SOME, _NOTHING = "everything", "only some controls", "nothing"


def share_button(page: StudyPage) -> None:
    """Opens the dialog."""
    if st.button("Share", icon=":material/share:", help="Link, QR code, frame for a page", key="share"):
        title = "Share this run" if page.study.is_one else "Share these runs"
        st.dialog(title, width="medium")(share_dialog)(page)


def share_dialog(page: StudyPage) -> None:
    """What is on the screen as a link: whoever opens it sees the same."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        locks = _locks(page.study.base)
        present = st.toggle("Open in presenter mode", help="Large type for a projector: landscape and arithmetic.")
    link = share_link(page_address(), page.study, panels=page.charts, locks=locks, present=present)
    if picture := qr_svg(link):
        right.image(picture, width="stretch", caption="Point a phone's camera at it.")
    else:
        right.caption("The link is too long for a QR code.")
    st.code(link, language=None, wrap_lines=True)
    held, what = ("the run", "a run") if page.study.is_one else ("the runs", "runs")
    frame = embed_snippet(link, f"{page.study.base.the_surface().title}: {what} of Adamax")
    st.caption(f"Only what differs from the defaults is in it. The Playground's address bar always holds {held}, too.")
    with st.expander("Show it inside another page", icon=":material/code:"):
        st.code(frame, language="html", wrap_lines=True)


def _locks(settings: RunSpec) -> Locks:
    """What the people who open the link may not move."""
    choice = st.radio("Whoever opens it may move", [_FREE, _SOME, _NOTHING], key="share_locks")
    if choice == _NOTHING:
        return only(settings, [])
    if choice == _SOME:
        words = list(lockable(settings))
        free = st.multiselect("These", words, default=words[:1], key="share_free", help="All others are locked.")
        return only(settings, free)
    return Locks()


def page_address() -> str:
    """Where the Playground is, as the browser knows it."""
    address = (st.context.url or "").split("?")[0].split("#")[0].rstrip("/")
    return address if address.endswith("/playground") else f"{address}/playground"
