"""Lessons: damaged files are named with their line; every claim of every lesson is checked on its own run."""

import logging
import re
from pathlib import Path

import pytest

from adamax_viz.lessons import reader as module
from adamax_viz.lessons.claims import compute
from adamax_viz.lessons.lesson import Choice
from adamax_viz.lessons.reader import FOLDER, LessonError, find_lesson, lessons, read_lesson

FILES = sorted(FOLDER.glob("*.md"))
SCENES = [(lesson, i, scene) for lesson in lessons() for i, scene in enumerate(lesson.scenes, 1)]
EACH = pytest.mark.parametrize("scene", [s for _, _, s in SCENES], ids=[f"{le.name}-{i}" for le, i, _ in SCENES])


def test_every_file_is_a_lesson_and_the_issue_asks_for_these():
    assert [lesson.name for lesson in lessons()] == [read_lesson(path).name for path in FILES]
    assert len(FILES) >= 12
    assert len({lesson.title for lesson in lessons()}) == len(FILES)
    assert find_lesson("momentum") in lessons()
    assert find_lesson("no-such-lesson") is None
    assert find_lesson(None) is None


@EACH
def test_what_a_scene_claims_is_so(scene):
    scope = scene.scope
    failed = [check for check in scene.checks if not check.holds(scope)]
    wrong = {check.text: {term: compute(term, scope) for term in check.terms} for check in failed}
    assert wrong == {}


@EACH
def test_a_scenes_texts_get_all_their_numbers(scene):
    for text in (scene.before, scene.after):
        said = scene.filled(text)
        assert "{{" not in said
        assert not re.search(r"\bnan\b|\binf\b|not finite", said)


@EACH
def test_numbers_stand_beside_a_check(scene):
    """A paragraph that tells a number of the run has a check of its own."""
    assert scene.checks
    path = next(p for p in FILES if f"## {scene.title}\n" in p.read_text(encoding="utf-8"))
    body = path.read_text(encoding="utf-8").split(f"## {scene.title}\n")[1].split("\n## ")[0].split("+++")[2]
    for paragraph in re.split(r"\n\s*\n", body):
        if "{{" in paragraph and "steps}}" not in paragraph:
            assert "\n? " in paragraph, paragraph


@EACH
def test_a_prediction_has_a_right_answer_that_can_be_given(scene):
    ask = scene.ask
    if ask is None:
        return
    assert scene.is_right(scene.truth)
    if isinstance(ask, Choice):
        assert not scene.is_right((ask.answer + 1) % len(ask.options))
    elif ask.kind == "value":
        assert ask.low <= scene.truth <= ask.high
        assert not (scene.is_right(ask.low) and scene.is_right(ask.high))
        nearest = ask.low + round((scene.truth - ask.low) / ask.step) * ask.step
        assert scene.is_right(nearest)
    else:
        assert not scene.is_right(scene.base.start_point())


def test_the_answers_place_is_not_always_the_same():
    places = [scene.ask.answer for _, _, scene in SCENES if isinstance(scene.ask, Choice)]
    assert max(places.count(place) for place in set(places)) <= 0.7 * len(places)
    assert {type(scene.ask).__name__ for _, _, scene in SCENES if scene.ask} == {"Choice", "Point", "Value"}


def test_doors_lead_to_pages():
    for _, _, scene in SCENES:
        if scene.door:
            assert (Path(__file__).parents[2] / "pages" / f"{scene.door.page}.py").exists()


# -- damaged files ---------------------------------------------------------------------------------------------

GOOD = """+++
title = "A lesson"
line = "About something."
minutes = 3
+++

## One
+++
settings = "surface=round_bowl&steps=20"
show = ["landscape", "panels"]
panels = ["loss"]
+++
It falls to {{loss[-1]:.2g}}.
? loss[-1] < loss[0]

## Two
+++
settings = "surface=round_bowl&steps=20"
show = ["landscape"]
[ask]
kind = "choice"
question = "Which?"
options = ["this", "that"]
answer = 1
+++
Before.
---
After.

## Three
+++
settings = "surface=round_bowl&steps=20"
show = ["landscape"]
+++
The end.
"""


def write(folder: Path, text: str, name: str = "07_a_lesson.md") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file(tmp_path):
    lesson = read_lesson(write(tmp_path, GOOD))
    assert (lesson.name, lesson.title, len(lesson.scenes)) == ("a-lesson", "A lesson", 3)
    one, two, _ = lesson.scenes
    assert (one.title, one.before, one.after) == ("One", "It falls to {{loss[-1]:.2g}}.", "")
    assert [check.text for check in one.checks] == ["loss[-1] < loss[0]"]
    assert (two.before, two.after, two.truth) == ("Before.", "After.", 1)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("minutes = 3", 'minutes = "soon"', 4, "minutes"),
        ("minutes = 3", "minutes = 3\ncolour = 2", 5, "colour"),
        ('title = "A lesson"', "title = A lesson", 2, "Invalid value"),
        ("minutes = 3\n+++\n", "minutes = 3\n", 1, "TOML"),
        ('panels = ["loss"]', 'panels = ["lost"]', 11, "no chart 'lost'"),
        ('panels = ["loss"]', 'panels = ["loss"', 12, "Unclosed array"),
        ('panels = ["loss"]', "", 7, "name the charts"),
        ('show = ["landscape", "panels"]', 'show = ["knobs", "panels"]', 7, "name the knobs"),
        ('show = ["landscape", "panels"]', 'show = ["landscape", "pannels"]', 10, "show"),
        ("surface=round_bowl&steps=20", "surface=round_bowel", 9, "round_bowel"),
        ("surface=round_bowl&steps=20", "surface=round_bowl&speed=20", 9, "not a setting"),
        ('panels = ["loss"]', 'panels = ["loss"]\nstep = 21', 12, "20 steps only"),
        ('panels = ["loss"]', 'panels = ["loss"]\nhighlight = "sun"', 12, "sun"),
        ('panels = ["loss"]', 'panels = ["loss"]\nbeside = { b = "B" }', 12, "no run 'b'"),
        ('panels = ["loss"]', 'panels = ["loss"]\nrules = ["p=2", "p=4"]', 12, "own rule 'adamax'"),
        ('panels = ["loss"]', 'panels = ["loss"]\nrule = "sgd"', 12, "rule"),
        ('panels = ["loss"]', 'panels = ["loss"]\nruns = { a = "steps=none" }', 9, "steps"),
        ("? loss[-1] < loss[0]", "? loss is small", 14, "compares nothing"),
        ("{{loss[-1]:.2g}}", "{{loss[-1]:.2q}}", 13, "no format"),
        ("answer = 1", "answer = 2", 20, "none of the 2 options"),
        ("answer = 1", 'answer = "that"', 24, "answer"),
        ("---\nAfter.\n", "", 16, "exactly one line ---"),
        ("The end.", "The end.\n---\nOr not.", 30, "no line ---"),
        ("## Three", "Three", 1, "scenes"),
    ],
)
def test_damage_is_named_with_file_and_line(tmp_path, old, new, line, words):
    assert old in GOOD
    with pytest.raises(LessonError) as caught:
        read_lesson(write(tmp_path, GOOD.replace(old, new, 1)))
    assert str(caught.value).startswith(f"07_a_lesson.md:{line}: "), caught.value
    assert words in str(caught.value)


def test_a_class_sees_the_other_lessons(tmp_path, monkeypatch, caplog):
    write(tmp_path, GOOD, "01_good.md")
    write(tmp_path, "no lesson at all", "02_bad.md")
    (tmp_path / "03_binary.md").write_bytes(b"\xff\xfe\x00")
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    lessons.cache_clear()
    try:
        with caplog.at_level(logging.ERROR):
            assert [lesson.name for lesson in lessons()] == ["good"]
        assert "02_bad.md:1: " in caplog.text
    finally:
        lessons.cache_clear()
