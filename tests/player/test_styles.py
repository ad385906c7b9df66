"""The style sheets of all scenes are on the page at once: none may reach into another's parts."""

import re
from itertools import combinations

from adamax_viz.player.standalone import ASSETS

SCENES = ("runs", "training", "norms")


def leading_classes(name):
    """The class with which each selector of a scene's style sheet begins."""
    text = re.sub(r"/\*.*?\*/|\([^)]*\)", "", (ASSETS / f"scenes/{name}.css").read_text(), flags=re.DOTALL)
    selectors = [part for line in re.findall(r"([^{}]+)\{", text) for part in line.split(",")]
    return {match[1] for part in selectors if (match := re.match(r"\s*\.(al-[\w-]+)", part))}


def test_no_scene_styles_the_parts_of_another():
    classes = {name: leading_classes(name) for name in SCENES}
    assert all(classes.values())
    for one, other in combinations(SCENES, 2):
        assert not classes[one] & classes[other], (one, other)
