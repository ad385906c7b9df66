"""The routes beside the pages, wherever the app is served."""

import pytest
import streamlit as st

from adamax_viz.ui.server.routes import routes


@pytest.mark.parametrize(("base", "prefix"), [("", ""), ("adamax", "/adamax"), ("/deep/path/", "/deep/path")])
def test_routes_lie_below_the_base_path(monkeypatch, base, prefix):
    monkeypatch.setattr(st, "get_option", {"server.baseUrlPath": base}.__getitem__)
    assert [route.path for route in routes()] == [
        f"{prefix}{path}" for path in ("/vendor/plotly.min.js", "/live", "/take/run.{kind}", "/health")
    ]
