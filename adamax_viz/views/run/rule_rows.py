"""The rows of the ledger that belong to an update rule, as data: what each makes of the gradient that it gets."""

from __future__ import annotations

from collections.abc import Callable

from adamax_viz.core.rules import Rule
from adamax_viz.views.run.ledger_rows import (
    BETA_1,
    BETA_2,
    COMMA,
    EPSILON,
    LARGER,
    LR,
    LR_T,
    M_BEFORE,
    MINUS,
    ONE,
    PLUS,
    POWER,
    POWER_2,
    POWER_PT,
    STEP,
    TIMES,
    U_BEFORE,
    V_BEFORE,
    M,
    Row,
    Term,
    U,
    V,
)
from adamax_viz.views.run.mathml import brackets, frac, hole, mi, mrow, power, root, size


def _first_moment(g: Term) -> Row:
    return Row(
        "m",
        "m",
        "First moment",
        M,
        mrow(M_BEFORE, PLUS, brackets(g.symbol, MINUS, M_BEFORE), brackets(ONE, MINUS, BETA_1)),
        mrow(hole("m_before"), PLUS, brackets(hole(g.array), MINUS, hole("m_before")), TIMES, hole("one_minus_beta_1")),
        "m",
        f"m_before + ({g.array} - m_before) * one_minus_beta_1",
        "update",
    )


def _norm(g: Term) -> Row:
    return Row(
        "u",
        "u",
        "Infinity norm",
        U,
        mrow(mi("max"), brackets(mrow(BETA_2, U_BEFORE), COMMA, size(g.symbol))),
        mrow(
            mi("max"),
            brackets(
                f'<mrow data-branch="decay">{hole("beta_2")}{TIMES}{hole("u_before")}</mrow>',
                COMMA,
                f'<mrow data-branch="gradient">{size(hole(g.array))}</mrow>',
            ),
        ),
        "u",
        f"np.maximum(beta_2 * u_before, np.abs({g.array}))",
        "update",
    )


_RATE = Row(
    "lr_t",
    "lr_t",
    "Bias-corrected rate",
    LR_T,
    frac(LR, mrow(ONE, MINUS, POWER)),
    frac(hole("lr"), hole("bias_correction")),
    "lr_t",
    "lr / bias_correction",
    "update",
    scalar=True,
)
_STEP = Row(
    "step",
    "step",
    "Step",
    STEP,
    mrow(MINUS, frac(mrow(LR, TIMES, M), mrow(brackets(ONE, MINUS, POWER), brackets(U, PLUS, EPSILON)))),
    mrow(
        MINUS,
        frac(
            mrow(hole("lr"), TIMES, hole("m")),
            mrow(hole("bias_correction"), TIMES, brackets(hole("u"), PLUS, hole("epsilon"))),
        ),
    ),
    "step",
    "-lr * m / (bias_correction * (u + epsilon))",
    "update",
)

_UNCORRECTED_STEP = _STEP._replace(
    title="Step, not corrected",
    formula=mrow(MINUS, frac(mrow(LR, TIMES, M), mrow(U, PLUS, EPSILON))),
    numbers=mrow(MINUS, frac(mrow(hole("lr"), TIMES, hole("m")), mrow(hole("u"), PLUS, hole("epsilon")))),
    expression="-lr * m / (u + epsilon)",
)
_TORCH_STEP = _STEP._replace(
    formula=mrow(MINUS, frac(mrow(LR, TIMES, M), mrow(brackets(ONE, MINUS, POWER), U))),
    numbers=mrow(MINUS, frac(mrow(hole("lr"), TIMES, hole("m")), mrow(hole("bias_correction"), TIMES, hole("u")))),
    expression="-lr * m / (bias_correction * u)",
)


def _torch_norm(g: Term) -> Row:
    """torch adds epsilon inside the max."""
    return _norm(g)._replace(
        formula=mrow(mi("max"), brackets(mrow(BETA_2, U_BEFORE), COMMA, mrow(size(g.symbol), PLUS, EPSILON))),
        numbers=mrow(
            mi("max"),
            brackets(
                mrow(hole("beta_2"), TIMES, hole("u_before")), COMMA, mrow(size(hole(g.array)), PLUS, hole("epsilon"))
            ),
        ),
        expression=f"np.maximum(beta_2 * u_before, np.abs({g.array}) + epsilon)",
    )


def _second_moment(g: Term) -> Row:
    return Row(
        "v",
        "u",
        "Second moment",
        V,
        mrow(V_BEFORE, PLUS, brackets(power(g.symbol, "<mn>2</mn>"), MINUS, V_BEFORE), brackets(ONE, MINUS, BETA_2)),
        mrow(
            hole("v_before"),
            PLUS,
            brackets(power(brackets(hole(g.array)), "<mn>2</mn>"), MINUS, hole("v_before")),
            TIMES,
            hole("one_minus_beta_2"),
        ),
        "v",
        f"v_before + (np.square({g.array}) - v_before) * one_minus_beta_2",
        "update",
    )


_ADAM_RATE = _RATE._replace(
    title="Rate, both moments corrected",
    formula=frac(mrow(LR, TIMES, root(mrow(ONE, MINUS, POWER_2))), mrow(ONE, MINUS, POWER)),
    numbers=frac(mrow(hole("lr"), TIMES, root(hole("bias_correction_2"))), hole("bias_correction")),
    result="alpha",
    expression="lr * np.sqrt(bias_correction_2) / bias_correction",
)
_ADAM_STEP = _STEP._replace(
    formula=mrow(MINUS, frac(mrow(M, TIMES, LR_T), mrow(root(V), PLUS, EPSILON))),
    numbers=mrow(MINUS, frac(mrow(hole("m"), TIMES, hole("alpha")), mrow(root(hole("v")), PLUS, hole("epsilon")))),
    expression="-(m * alpha) / (np.sqrt(v) + epsilon)",
)


def _larger(g: Term) -> Row:
    """What the powers are taken of is divided by it; 1 where both are 0."""
    larger = f"np.maximum(beta_2 * u_before, np.abs({g.array}))"
    return _norm(g)._replace(
        key="larger",
        title="The larger of both, or 1",
        symbol=LARGER,
        numbers=mrow(mi("max"), brackets(mrow(hole("beta_2"), TIMES, hole("u_before")), COMMA, size(hole(g.array)))),
        result="larger",
        expression=f"np.where({larger} == 0, 1, {larger})",
    )


def _p_norm(g: Term) -> Row:
    p, inverse = mi("p"), frac(ONE, mi("p"))
    faded, new = frac(mrow(BETA_2, U_BEFORE), LARGER), frac(size(g.symbol), LARGER)
    faded_number = frac(mrow(hole("beta_2"), TIMES, hole("u_before")), hole("larger"))
    new_number = frac(size(hole(g.array)), hole("larger"))
    weight, weight_number = power(BETA_2, p), power(hole("beta_2"), hole("p"))

    def norm(larger: str, faded: str, weight: str, new: str, p: str, inverse: str) -> str:
        terms = mrow(power(brackets(faded), p), PLUS, brackets(ONE, MINUS, weight), TIMES, power(brackets(new), p))
        return mrow(larger, TIMES, power(brackets(terms), inverse))

    ratio = f"(beta_2 * u_before / larger) ** p + (1 - beta_2**p) * (np.abs({g.array}) / larger) ** p"
    return Row(
        "u",
        "u",
        "p-norm",
        U,
        norm(LARGER, faded, weight, new, p, inverse),
        norm(hole("larger"), faded_number, weight_number, new_number, hole("p"), frac(ONE, hole("p"))),
        "u",
        f"larger * ({ratio}) ** (1 / p)",
        "update",
    )


_P_NORM_STEP = _STEP._replace(
    formula=mrow(
        MINUS,
        frac(
            mrow(LR, TIMES, M),
            mrow(
                brackets(ONE, MINUS, POWER),
                brackets(frac(U, power(brackets(ONE, MINUS, POWER_PT), frac(ONE, mi("p")))), PLUS, EPSILON),
            ),
        ),
    ),
    numbers=mrow(
        MINUS,
        frac(
            mrow(hole("lr"), TIMES, hole("m")),
            mrow(
                hole("bias_correction"),
                TIMES,
                brackets(frac(hole("u"), hole("norm_correction")), PLUS, hole("epsilon")),
            ),
        ),
    ),
    expression="-lr * m / (bias_correction * (u / norm_correction + epsilon))",
)

_RULES: dict[str, Callable[[Term], list[Row]]] = {
    "adamax": lambda g: [_first_moment(g), _norm(g), _RATE, _STEP],
    "adamax_uncorrected": lambda g: [_first_moment(g), _norm(g), _UNCORRECTED_STEP],
    "torch_adamax": lambda g: [_first_moment(g), _torch_norm(g), _RATE, _TORCH_STEP],
    "adam": lambda g: [_first_moment(g), _second_moment(g), _ADAM_RATE, _ADAM_STEP],
    "p": lambda g: [_first_moment(g), _larger(g), _p_norm(g), _RATE, _P_NORM_STEP],
}


def rule_rows(rule: Rule, gradient: Term) -> list[Row]:
    """What a rule makes of the gradient that it gets; nothing of a rule that is not known here."""
    rows = _RULES.get(rule.name if rule.p is None else "p")
    return [] if rows is None else rows(gradient)
