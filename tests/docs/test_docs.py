"""What the documentation says is run, and what it points at exists."""

import doctest
import importlib
import os
import pkgutil
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from deno import find_deno_bin

import adamax_viz
from adamax_viz import cli
from adamax_viz.lessons.reader import lessons
from adamax_viz.problems.models.networks import MODELS
from adamax_viz.problems.surfaces.catalogue import CATALOGUE
from adamax_viz.runs.columns import columns_table
from adamax_viz.study.named.effects import EFFECTS
from tests.player.example_part import ASSETS, TABLE, table_with_the_example

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
LARGEST = 600_000  # bytes of a tracked file
# Modules whose import starts Streamlit or needs what only a page has.
SCREEN = ("adamax_viz.ui", "adamax_viz.player", "adamax_viz.__main__")


def modules():
    names = [m.name for m in pkgutil.walk_packages(adamax_viz.__path__, "adamax_viz.")]
    return ["adamax_viz", *(name for name in names if not name.startswith(SCREEN))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_examples_do_what_they_say(page):
    text = re.sub(r"^```.*$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    test = doctest.DocTestParser().get_doctest(text, {}, page.name, str(page), 0)
    assert doctest.DocTestRunner().run(test).failed == 0


def test_docstrings_do_what_they_say():
    tried = 0
    for name in modules():
        failed, attempted = doctest.testmod(importlib.import_module(name))
        assert failed == 0, name
        tried += attempted
    assert tried > 5


def test_the_example_of_a_part_of_the_player_is_typed_as_strictly_as_the_others(tmp_path):
    assets = shutil.copytree(ASSETS, tmp_path / "assets")
    (assets / TABLE).write_text(table_with_the_example(), encoding="utf-8")
    command = [find_deno_bin(), "check", "--quiet", "--no-remote", "--no-npm", "--config", str(ROOT / "deno.json")]
    done = subprocess.run([*command, str(assets / "scenes")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_example_of_a_setting_appears_everywhere(tmp_path):
    """Its entry is put into the table of a copy; the questions of `one_setting` are asked there."""
    page = (ROOT / "docs/contributing.md").read_text(encoding="utf-8")
    (entry,) = re.findall(r"```python\n(    nudge: .*?)```", page, re.DOTALL)
    for folder in ("adamax_viz", "pages"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    table = tmp_path / "adamax_viz/study/spec.py"
    text, methods = table.read_text(encoding="utf-8"), "\n    @property\n"
    table.write_text(text.replace(methods, f"{entry}{methods}", 1), encoding="utf-8")
    questions = shutil.copy(Path(__file__).with_name("one_setting.py"), tmp_path / "test_one_setting.py")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(questions)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_readmes_python_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    space = {"w": np.ones(3), "b": np.zeros(1), "gw": np.ones(3), "gb": np.ones(1)}
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    for block in blocks:
        exec(block, space)
    assert (tmp_path / "run.csv").exists()


def test_the_readmes_commands_are_understood(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = [line.split("#")[0] for line in text.splitlines() if line.startswith("python -m adamax_viz")]
    assert {shlex.split(line)[3] for line in lines} == {"run", "verify", "surfaces"}
    for line in lines:
        arguments = shlex.split(line)[3:]
        if arguments[0] == "verify":  # tests/parity runs it; here only its words are read
            assert cli._parser().parse_args(arguments).command is cli._verify
        else:
            assert cli.main(arguments) == 0
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`?make (\w+)`?", text)) <= targets


def test_columns_are_described_once():
    assert columns_table() in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_counts_right_and_names_every_page():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"one of {len(CATALOGUE)} surfaces" in text
    assert f"answers {len(EFFECTS)} questions" in text
    assert f"**Lessons**, {len(lessons())} of them" in text
    assert len(MODELS) == 7
    assert "seven tiny Keras models" in text
    navigation = (ROOT / "pages/navigation.py").read_text(encoding="utf-8")
    titles = set(re.findall(r'title="([^"]+)"', navigation)) - {"Home"}
    assert [title for title in titles if not re.search(rf"\*{title}[.*]", text)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_points_at_exists(page):
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)|<img[^>]* src=\"([^\"]+)\"", text)
    for target in (a or b for a, b in targets):
        assert target.startswith("https://") or (page.parent / target).exists(), target
    for name in re.findall(r"`((?:adamax_viz|docs|tests|deploy)/[\w./]+)`", text):
        assert (ROOT / name).exists(), name


def test_no_file_is_large():
    for folder, names, files in os.walk(ROOT):
        names[:] = [n for n in names if not n.startswith((".", "__pycache__")) and not n.endswith(".egg-info")]
        for file in files:
            path = Path(folder, file)
            assert path.stat().st_size < LARGEST, path
