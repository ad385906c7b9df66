"""Where neither Keras nor JAX is installed the app starts, every page works, and what needs them says so in a sentence.

Another process, in which both can't be found.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SENTENCE = "Keras and JAX aren't installed here"
HIDDEN = """
import sys

class Hidden:
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in ("keras", "jax", "jaxlib"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Hidden)
"""
PAGES = """
import json
from streamlit.testing.v1 import AppTest

PAGES = ["home", "playground", "effects", "adam_to_adamax", "models", "lessons", "verify", "reference", "open"]
found = {}
for page in PAGES:
    app = AppTest.from_file("pages/navigation.py", default_timeout=120)
    app.switch_page(f"{page}.py").run()
    for kind in ("linear_regression", "mlp_curve") if page == "models" else ():
        app.query_params["model"] = kind
        app.run()
    texts = [each.value for kind in ("markdown", "caption", "info", "warning", "error") for each in getattr(app, kind)]
    buttons = {each.key: [each.disabled, each.help] for each in app.button}
    found[page] = {"exceptions": [each.value for each in app.exception], "texts": texts, "buttons": buttons}
print(json.dumps(found))
"""


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A script without Keras and JAX, in the project's folder."""
    command = [sys.executable, "-c", f"{HIDDEN}\n{code}", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def pages():
    done = run(PAGES.replace('"pages/navigation.py"', repr(str(ROOT / "pages/navigation.py"))))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_page_opens(pages):
    assert len(pages) == 9
    assert {page: found["exceptions"] for page, found in pages.items() if found["exceptions"]} == {}


@pytest.mark.parametrize(
    ("page", "button"), [("models", "m_train"), ("verify", "c_verify_all"), ("reference", "c_check")]
)
def test_a_page_that_needs_them_says_so_beside_a_button_that_rests(pages, page, button):
    disabled, _ = pages[page]["buttons"][button]
    assert disabled
    assert any(text.startswith(SENTENCE) for text in pages[page]["texts"])


@pytest.mark.parametrize("page", ["playground", "effects"])
def test_the_badge_rests_and_says_why(pages, page):
    disabled, words = pages[page]["buttons"]["c_badge"]
    assert disabled
    assert words.startswith(SENTENCE)


@pytest.mark.parametrize("page", ["home", "adam_to_adamax", "lessons", "open"])
def test_the_other_pages_do_not_speak_of_it(pages, page):
    assert not any(SENTENCE in text for text in pages[page]["texts"])


def test_the_command_line_runs_and_says_why_it_can_not_verify():
    code = "from adamax_viz.cli import main\nsys.exit(main(sys.argv[1:]))"
    assert run(code, "run", "--surface", "booth", "--steps", "5").returncode == 0
    done = run(code, "verify", "--surface", "booth", "--steps", "5")
    assert done.returncode == 2
    assert SENTENCE in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_training_that_was_begun_all_the_same_fails_in_a_sentence():
    code = """
from adamax_viz.runs.training import Training
from adamax_viz.study.training_spec import TrainingSpec
training = Training(TrainingSpec())
training.start()
training.wait()
print(training.progress().sentence)
"""
    assert run(code).stdout.startswith(f"The training could not go on: {SENTENCE}")
