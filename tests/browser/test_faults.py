"""What nobody foresaw, on pages that fail: one sentence with a number, no traceback, and these tests see it."""

import re
import shutil

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import FAULTS
from tests.browser.server import ROOT, served

APP = """
import streamlit as st

from adamax_viz.ui.server import faults

app = st.App("page.py", on_script_error=faults.on_page, exception_handlers=faults.HANDLERS)
"""
PAGE = """
import streamlit as st


def fail():
    raise KeyError("/secret/path")


@st.fragment
def part():
    if st.button("In a fragment"):
        fail()


st.button("In a callback", on_click=fail)
part()
with st.container(key="body"):
    if st.button("On the page"):
        fail()
"""


@pytest.fixture(scope="module")
def failing(tmp_path_factory):
    folder = tmp_path_factory.mktemp("failing")
    (folder / "app.py").write_text(APP)
    (folder / "page.py").write_text(PAGE)
    shutil.copytree(ROOT / ".streamlit", folder / ".streamlit")
    with served(folder) as address:
        yield address


@pytest.mark.parametrize("where", ["On the page", "In a callback", "In a fragment"])
def test_a_fault_is_one_sentence_with_a_number(failing, make_tab, where):
    page = make_tab()
    page.goto(failing)
    page.get_by_role("button", name=where).click()
    expect(page.locator(FAULTS)).to_have_count(1)
    expect(page.locator(FAULTS)).to_have_text(re.compile(r"under the number \d{6}\. Reload the page to go on"))
    assert "secret" not in page.content()
