"""The way from a run anywhere to the same run on the Playground."""

from typing import Any

from adamax_viz.study.link import params_of
from adamax_viz.study.spec import RunSpec

PLAYGROUND = "playground.py"


def playground_link(place: Any, label: str, run: RunSpec, icon: str = "route", help: str | None = None) -> None:
    """A link at a place of the page, `st` or a part of it."""
    place.page_link(PLAYGROUND, label=label, icon=f":material/{icon}:", query_params=params_of(run), help=help)
