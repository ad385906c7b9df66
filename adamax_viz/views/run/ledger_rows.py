"""The rows of the ledger as data: what each stage of the pipeline writes down; those of the rules are in `rule_rows`.

A row is a template. Its numbers are names of arrays of the run or constants, see `adamax_viz.views.run.ledger`.
`expression` is the same arithmetic in Python, operation by operation as the pipeline does it, so that tests can prove
that each row's numbers give its result to the last bit.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from adamax_viz.views.run.mathml import brackets, frac, hole, length, mi, mo, mrow, over, sub

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


class Term(NamedTuple):
    """A quantity on its way through the stages: its symbol and its array."""

    symbol: str
    array: str


ONE = "<mn>1</mn>"
MINUS, PLUS, TIMES, COMMA = mo("−"), mo("+"), mo("·"), mo(",")
G = mi("g", "grad")
RAW = sub(mi("g", "grad"), "<mtext>scaled</mtext>")
MEAN = over("g", "¯", "grad")
CLIPPED = over("g", "^", "grad_clipped")
BEFORE = mrow(mi("t"), MINUS, ONE)  # an index
M, M_BEFORE = mi("m", "m"), sub(mi("m", "m"), BEFORE)
U, U_BEFORE = mi("u", "u"), sub(mi("u", "u"), BEFORE)
V, V_BEFORE = mi("v", "u"), sub(mi("v", "u"), BEFORE)
BETA_1, BETA_2 = sub(mi("β"), "<mn>1</mn>"), sub(mi("β"), "<mn>2</mn>")
LR, LR_T = mi("α", "lr"), sub(mi("α", "lr_t"), mi("t"))
LARGER = mi("s", "u")
POWER, POWER_2 = (f"<msubsup>{mi('β')}<mn>{i}</mn>{mi('t')}</msubsup>" for i in (1, 2))
POWER_PT = f"<msubsup>{mi('β')}<mn>2</mn>{mrow(mi('p'), mi('t'))}</msubsup>"
STEP, EPSILON, LIMIT = mi("Δ", "step"), mi("ε"), mi("c")
THETA, THETA_BEFORE = mi("θ", "theta"), sub(mi("θ", "theta"), BEFORE)
DECAYED = sub(mi("θ", "theta"), "<mtext>decayed</mtext>")
AVERAGE = over("θ", "¯", "ema")
AVERAGE_BEFORE = sub(AVERAGE, BEFORE)


UNSCALE = Row(
    "unscale",
    "grad",
    "Unscale",
    G,
    frac(RAW, mi("S")),
    frac(hole("grad"), hole("scale")),
    "grad_unscaled",
    "grad / scale",
)


def accumulate(g: Term) -> Row:
    return Row(
        "accumulate",
        "grad",
        "Mean of the window so far",
        MEAN,
        frac(mrow(g.symbol, PLUS, mo("∑"), g.symbol), mi("N")),
        frac(mrow(hole(g.array), PLUS, hole("bucket")), hole("N")),
        "grad_accumulated",
        f"({g.array} + bucket) / N",
        "applied",
    )


def _clip_value(g: Term) -> Row:
    return Row(
        "clip",
        "grad_clipped",
        "Clip each entry",
        CLIPPED,
        mrow(mi("clip"), brackets(g.symbol, COMMA, MINUS, LIMIT, COMMA, LIMIT)),
        mrow(mi("clip"), brackets(hole(g.array), COMMA, MINUS, hole("c"), COMMA, hole("c"))),
        "grad_clipped",
        f"np.clip({g.array}, -c, c)",
        "update",
    )


def _clip_norm(g: Term) -> Row:
    return Row(
        "clip",
        "grad_clipped",
        "Clip the variable's norm",
        CLIPPED,
        frac(mrow(g.symbol, TIMES, LIMIT), mrow(mi("max"), brackets(length(g.symbol), COMMA, LIMIT))),
        frac(mrow(hole(g.array), TIMES, hole("c")), mrow(mi("max"), brackets(hole("norm"), COMMA, hole("c")))),
        "grad_clipped",
        f"{g.array} * c / np.maximum(norm, c)",
        "update",
    )


def _clip_global_norm(g: Term) -> Row:
    smaller = brackets(frac(ONE, length(g.symbol)), COMMA, frac(ONE, LIMIT))
    return Row(
        "clip",
        "grad_clipped",
        "Clip the norm of all",
        CLIPPED,
        mrow(g.symbol, TIMES, LIMIT, TIMES, mi("min"), smaller),
        mrow(
            *(hole(g.array), TIMES, hole("c"), TIMES, mi("min")),
            brackets(frac(ONE, hole("norm")), COMMA, frac(ONE, hole("c"))),
        ),
        "grad_clipped",
        f"{g.array} * (c * np.minimum(1.0 / norm, 1.0 / c) + (norm - norm))",
        "update",
    )


CLIPS = {"clipvalue": _clip_value, "clipnorm": _clip_norm, "global_clipnorm": _clip_global_norm}
DECAY = Row(
    "decay",
    "theta",
    "Weight decay",
    DECAYED,
    mrow(THETA_BEFORE, MINUS, THETA_BEFORE, TIMES, mi("λ"), TIMES, LR),
    mrow(hole("theta"), MINUS, hole("theta"), TIMES, hole("weight_decay"), TIMES, hole("lr")),
    "decayed",
    "theta - theta * weight_decay * lr",
    "update",
)


def move(theta: Term) -> Row:
    return Row(
        "theta",
        "theta",
        "New weights",
        THETA,
        mrow(theta.symbol, PLUS, STEP),
        mrow(hole(theta.array), PLUS, hole("step")),
        "moved",
        f"{theta.array} + step",
        "update",
    )


EMA = Row(
    "ema",
    "ema",
    "Average",
    AVERAGE,
    mrow(mi("μ"), TIMES, AVERAGE_BEFORE, PLUS, brackets(ONE, MINUS, mi("μ")), TIMES, THETA),
    mrow(hole("momentum"), TIMES, hole("ema_before"), PLUS, hole("one_minus_momentum"), TIMES, hole("moved")),
    "ema",
    "momentum * ema_before + one_minus_momentum * moved",
    "applied",
)
OVERWRITE = Row(
    "overwrite", "theta", "Overwrite with the average", THETA, AVERAGE, hole("ema"), "theta_next", "ema", "overwrite"
)
