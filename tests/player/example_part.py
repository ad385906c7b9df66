"""The player's table of parts with the row that docs/contributing.md adds."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "adamax_viz" / "player" / "assets"
TABLE = "scenes/parts.js"


def table_with_the_example() -> str:
    """The text of ``scenes/parts.js``, one part longer."""
    page = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")
    section = page.split("## A part of the player\n")[1].split("\n## ")[0]
    part, row = re.findall(r"```js\n(.*?)```", section, re.DOTALL)
    table = (ASSETS / TABLE).read_text(encoding="utf-8")
    head, rows = table.split("export const PARTS", 1)
    first, rest = rows.split("({\n", 1)
    return f"{head}{part}\nexport const PARTS{first}({{\n{row}{rest}"
