"""Lessons: short sequences of scenes that ask before they show."""

from adamax_viz.ui.parts import present
from adamax_viz.ui.screens import lessons

present.style()
lessons.page()
