"""The rows of the ledger as data: what each stage of the pipeline writes down; those of the rules are in `rule_rows`.

A row is a template. Its numbers are names of arrays of the run or constants, see `adamax_viz.views.run.ledger`.
`expression` is the same arithmetic in Python, operation by operation as the pipeline does it, so that tests can prove
that each row's numbers give its result to the last bit.
"""

from functools import cache
from typing import Literal, NamedTuple

from adamax_viz.views.run.mathml import SYMBOLS, TIMES, hole, length, mi, mo, sub, written

# "applied": on every micro-step that the optimizer sees; a dynamic loss scale skips those with an overflow.
When = Literal["always", "applied", "update", "overwrite"]


class Row(NamedTuple):
    """One stage of the pipeline."""

    key: str
    quantity: str  # whose colour it has
    title: str
    symbol: str  # MathML
    formula: str  # MathML
    numbers: str  # MathML, with <mn data-of="name"> where a number of the step belongs
    result: str  # the array it ends in
    expression: str  # the same in Python
    when: When = "always"
    scalar: bool = False  # one value for both coordinates


RAW = sub(mi("g", "grad"), "<mtext>scaled</mtext>")
# Whose colour a result has that is no quantity itself.
COLOURS = {"grad_unscaled": "grad", "grad_accumulated": "grad", "v": "u", "larger": "u", "alpha": "lr_t"}
COLOURS |= dict.fromkeys(("decayed", "moved", "theta_next"), "theta")


@cache
def row(
    key: str,
    title: str,
    result: str,
    expression: str,
    when: When = "update",
    shown: str = "",
    branches: tuple[str, ...] = (),
    scalar: bool = False,
    **symbols: str,
) -> Row:
    """A row whose formula and numbers are its expression, in the colour of its result's symbol.

    Args:
        key, title, result, expression, when, scalar: of the row.
        shown: a shorter expression that means the same.
        branches: see `written`.
        symbols: of terms that have another one here.
    """
    known, symbol, shown = SYMBOLS | symbols, SYMBOLS[result], shown or expression
    formula = written(shown, known.__getitem__, "", branches)
    numbers = written(shown, hole, TIMES, branches)
    return Row(key, COLOURS.get(result, result), title, symbol, formula, numbers, result, expression, when, scalar)


UNSCALE = row("unscale", "Unscale", "grad_unscaled", "grad / scale", "always", grad=RAW)
DECAY = row("decay", "Weight decay", "decayed", "theta - theta * weight_decay * lr")
EMA = row("ema", "Average", "ema", "momentum * ema_before + one_minus_momentum * moved", "applied")
OVERWRITE = row("overwrite", "Overwrite with the average", "theta_next", "ema", "overwrite")
CLIPS = {  # title, expression, how it is shown if not so
    "clipvalue": ("Clip each entry", "np.clip({}, -c, c)", ""),
    "clipnorm": ("Clip the variable's norm", "{} * c / np.maximum(norm, c)", ""),
    "global_clipnorm": (
        "Clip the norm of all",
        "{} * (c * np.minimum(1.0 / norm, 1.0 / c) + (norm - norm))",
        "{} * c * np.minimum(1.0 / norm, 1.0 / c)",
    ),
}


def accumulate(grad: str) -> Row:
    """The bucket takes a gradient."""
    title, bucket = "Mean of the window so far", mo("∑") + SYMBOLS[grad]
    return row("accumulate", title, "grad_accumulated", f"({grad} + bucket) / N", "applied", bucket=bucket)


def clip(kind: str, grad: str) -> Row:
    """The clip of this kind on a gradient."""
    title, expression, shown = (text.format(grad) for text in CLIPS[kind])
    return row("clip", title, "grad_clipped", expression, shown=shown, norm=length(SYMBOLS[grad]))


def move(weights: str) -> Row:
    """The step added to the weights."""
    return row("theta", "New weights", "moved", f"{weights} + step")
