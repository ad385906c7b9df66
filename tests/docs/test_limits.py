"""The table of limits is what the docs show, and what Streamlit and the proxy let through."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from adamax_viz.limits import Limits, table

ROOT = Path(__file__).parents[2]


def test_the_docs_show_the_table() -> None:
    assert table() in (ROOT / "docs/limits.md").read_text(encoding="utf-8")


def test_every_bound_says_its_unit() -> None:
    for name, each in Limits.model_fields.items():
        assert re.match(r"[a-z]\w* .", each.description or ""), name


def test_streamlit_and_nginx_let_just_those_files_through_that_are_read() -> None:
    config = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
    most = Limits().file_bytes
    assert config["server"]["maxUploadSize"] * 1_000_000 == most
    for name in ("nginx.conf", "nginx-replicas.conf"):
        (proxy,) = re.findall(r"client_max_body_size (\d+)m;", (ROOT / "deploy" / name).read_text(encoding="utf-8"))
        assert most <= int(proxy) * 2**20 <= 2 * most, name


def test_a_wrong_bound_ends_the_start_with_a_sentence() -> None:
    code = "import adamax_viz.limits"
    environment = os.environ | {"ADAMAX_SHOWN_STEPS": "many"}
    ended = subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 1
    assert ended.stderr == "ADAMAX_SHOWN_STEPS must be a whole number above 0. Received: 'many'\n"
