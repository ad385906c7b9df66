"""The rows of the ledger that belong to an update rule, as data: what each makes of the gradient that it gets."""

from adamax_viz.core.rules import Rule
from adamax_viz.views.run.ledger_rows import Row, row
from adamax_viz.views.run.mathml import MINUS, ONE, POWER, mrow


def _norm(expression: str) -> Row:
    return row("u", "Infinity norm", "u", expression, branches=("decay", "gradient"))


def _rate(title: str, result: str, expression: str) -> Row:
    return row("lr_t", title, result, expression, scalar=True, bias_correction=mrow(ONE, MINUS, POWER))


def _step(expression: str, title: str = "Step") -> Row:
    return row("step", title, "step", expression)


def rule_rows(rule: Rule, grad: str) -> list[Row]:
    """What a rule makes of the gradient that it gets; nothing of a rule that is not known here."""
    faded, size = "beta_2 * u_before", f"np.abs({grad})"
    larger = f"np.maximum({faded}, {size})"
    powers = f"({faded} / larger) ** p + (1 - beta_2**p) * ({size} / larger) ** p"
    first = row("m", "First moment", "m", f"m_before + ({grad} - m_before) * one_minus_beta_1")
    rate = _rate("Bias-corrected rate", "lr_t", "lr / bias_correction")
    adams_rate = "lr * np.sqrt(bias_correction_2) / bias_correction"
    rows = {
        "adamax": [first, _norm(larger), rate, _step("-lr * m / (bias_correction * (u + epsilon))")],
        "adamax_uncorrected": [first, _norm(larger), _step("-lr * m / (u + epsilon)", "Step, not corrected")],
        "torch_adamax": [  # epsilon is inside the max
            first,
            _norm(f"np.maximum({faded}, {size} + epsilon)"),
            rate,
            _step("-lr * m / (bias_correction * u)"),
        ],
        "adam": [
            first,
            row("v", "Second moment", "v", f"v_before + (np.square({grad}) - v_before) * one_minus_beta_2"),
            _rate("Rate, both moments corrected", "alpha", adams_rate),
            _step("-(m * alpha) / (np.sqrt(v) + epsilon)"),
        ],
        "p": [  # powers are taken of what is divided by the larger of both; by 1 where both are 0
            first,
            row("larger", "The larger of both, or 1", "larger", f"np.where({larger} == 0, 1, {larger})", shown=larger),
            row("u", "p-norm", "u", f"larger * ({powers}) ** (1 / p)"),
            rate,
            _step("-lr * m / (bias_correction * (u / norm_correction + epsilon))"),
        ],
    }
    return rows.get(rule.name if rule.p is None else "p", [])
