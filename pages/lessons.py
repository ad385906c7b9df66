"""Lessons: short sequences of scenes that ask before they show."""

from adamax_viz.ui import lessons, present
from adamax_viz.ui.style import page_style

page_style()
present.style()
lessons.page()
