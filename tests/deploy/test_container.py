"""The files from which images are made: what they copy is there, what they install is pinned."""

import fnmatch
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
HEAVY = {"jax", "jaxlib", "keras", "h5py", "ml-dtypes", "scipy"}


def pins(name):
    """The packages of a file of requirements, each with its versions."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    found = {}
    for line in lines:
        if "==" in line:
            package, rest = line.split("==", 1)
            found.setdefault(package, set()).add(rest)
    return found


def declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    every = {"": project["dependencies"], **project["optional-dependencies"]}
    return {extra: {re.split(r"[<>=! ;]", each)[0] for each in packages} for extra, packages in every.items()}


def test_the_light_set_is_everything_but_keras_and_jax_in_the_same_versions():
    everything, light = pins("requirements.txt"), pins("requirements-light.txt")
    assert light.items() <= everything.items()
    assert set(light) & HEAVY == set()
    assert set(everything) >= HEAVY
    assert declared()[""] <= set(light)
    assert declared()["keras"] <= set(everything)
    assert declared()["keras"] & declared()[""] == set()


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-light.txt", "requirements-dev.txt"])
def test_requirements_name_no_host_and_bring_the_project(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert text.splitlines()[1] == "-e ."


def test_what_is_copied_is_there_and_sent_along():
    copied = [source for line in re.findall(r"^COPY (.*) \S+$", DOCKERFILE, re.MULTILINE) for source in line.split()]
    assert {"adamax_viz", "pages", "app.py", ".streamlit"} <= set(copied)
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert lines[1] == "*"
    sent = [line[1:] for line in lines if line.startswith("!")]
    for source in copied:
        assert list(ROOT.glob(source)), source
        assert any(fnmatch.fnmatch(source, each) or each.startswith(f"{source}/") for each in sent), source
    for each in sent:
        assert list(ROOT.glob(each)), each


def test_the_base_is_pinned_and_the_server_is_not_root():
    assert re.search(r"^FROM python:3\.\d+\.\d+-slim-\w+(@sha256:[0-9a-f]{64})?$", DOCKERFILE, re.MULTILINE)
    assert re.search(r"^USER [1-9]\d+$", DOCKERFILE, re.MULTILINE)
    # The exec form: a signal reaches the server itself.
    assert re.search(r'^CMD \["streamlit", "run", "app.py"\]$', DOCKERFILE, re.MULTILINE)


def test_a_change_of_the_project_installs_nothing_anew():
    assert DOCKERFILE.index("-r /tmp/pinned.txt") < DOCKERFILE.index("COPY adamax_viz")


def test_no_requirements_of_development_are_sent_along():
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert not any(fnmatch.fnmatch("requirements-dev.txt", line[1:]) for line in lines if line.startswith("!"))


def test_bounds_reach_the_replicas():
    replica = (ROOT / "deploy/compose.yaml").read_text(encoding="utf-8").split("x-environment")[0]
    assert "\n  env_file: [{path: .env, required: false}]" in replica
