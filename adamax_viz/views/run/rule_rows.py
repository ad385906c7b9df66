"""The rows of the ledger that belong to an update rule, as data: what each makes of the gradient that it gets."""

from collections.abc import Callable

from adamax_viz.core.rules import Rule
from adamax_viz.views.run.ledger_rows import COMMA, DOT, MINUS, ONE, PLUS, POWER, TIMES, Row, row
from adamax_viz.views.run.mathml import brackets, frac, mi, mrow, power, root, size


def _towards(mean: str, value: str, part: str) -> str:
    """A running mean's move."""
    return mrow(mean, PLUS, brackets(value, MINUS, mean), DOT, part)


def _max(beta: str, u: str, new: str) -> str:
    """The max with its two branches."""
    faded = f'<mrow data-branch="decay">{beta}{DOT}{u}</mrow>'
    return mrow(mi("max"), brackets(faded, COMMA, f'<mrow data-branch="gradient">{new}</mrow>'))


def _first_moment(grad: str) -> Row:
    return row("m", "First moment", "m", f"m_before + ({grad} - m_before) * one_minus_beta_1", _towards)


def _second_moment(grad: str) -> Row:
    def written(v: str, g: str, part: str) -> str:
        base = brackets(g) if g.startswith("<mn") else g  # a number may be negative
        return _towards(v, power(base, "<mn>2</mn>"), part)

    return row("v", "Second moment", "v", f"v_before + (np.square({grad}) - v_before) * one_minus_beta_2", written)


def _norm(grad: str) -> Row:
    expression = f"np.maximum(beta_2 * u_before, np.abs({grad}))"
    return row("u", "Infinity norm", "u", expression, lambda beta, u, g: _max(beta, u, size(g)))


def _torch_norm(grad: str) -> Row:
    """torch adds epsilon inside the max."""
    return row(
        "u",
        "Infinity norm",
        "u",
        f"np.maximum(beta_2 * u_before, np.abs({grad}) + epsilon)",
        lambda beta, u, g, epsilon: _max(beta, u, mrow(size(g), PLUS, epsilon)),
    )


def _larger(grad: str) -> Row:
    """What the powers are taken of is divided by it; 1 where both are 0."""
    larger = f"np.maximum(beta_2 * u_before, np.abs({grad}))"
    return row(
        "larger",
        "The larger of both, or 1",
        "larger",
        f"np.where({larger} == 0, 1, {larger})",
        lambda beta, u, g: mrow(mi("max"), brackets(mrow(beta, DOT, u), COMMA, size(g))),
    )


def _p_norm(grad: str) -> Row:
    def written(larger: str, beta: str, u: str, p: str, g: str) -> str:
        faded, new = (power(brackets(frac(body, larger)), p) for body in (mrow(beta, DOT, u), size(g)))
        terms = mrow(faded, PLUS, brackets(ONE, MINUS, power(beta, p)), TIMES, new)
        return mrow(larger, TIMES, power(brackets(terms), frac(ONE, p)))

    ratio = f"(beta_2 * u_before / larger) ** p + (1 - beta_2**p) * (np.abs({grad}) / larger) ** p"
    return row("u", "p-norm", "u", f"larger * ({ratio}) ** (1 / p)", written)


def _rate(title: str, result: str, expression: str, written: Callable[..., str]) -> Row:
    bias = mrow(ONE, MINUS, POWER)
    return row("lr_t", title, result, expression, written, bias_correction=bias)._replace(scalar=True)


def _step(expression: str, divisor: Callable[..., str], title: str = "Step") -> Row:
    """The first two terms, multiplied and divided by what the others make."""

    def written(a: str, b: str, *others: str) -> str:
        return mrow(MINUS, frac(mrow(a, TIMES, b), divisor(*others)))

    return row("step", title, "step", expression, written)


_RATE = _rate("Bias-corrected rate", "lr_t", "lr / bias_correction", frac)
_ADAM_RATE = _rate(
    "Rate, both moments corrected",
    "alpha",
    "lr * np.sqrt(bias_correction_2) / bias_correction",
    lambda lr, second, first: frac(mrow(lr, TIMES, root(second)), first),
)
_STEP = _step(
    "-lr * m / (bias_correction * (u + epsilon))",
    lambda bias, u, epsilon: mrow(bias, DOT, brackets(u, PLUS, epsilon)),
)
_UNCORRECTED_STEP = _step("-lr * m / (u + epsilon)", lambda u, epsilon: mrow(u, PLUS, epsilon), "Step, not corrected")
_TORCH_STEP = _step("-lr * m / (bias_correction * u)", lambda bias, u: mrow(bias, DOT, u))
_ADAM_STEP = _step("-(m * alpha) / (np.sqrt(v) + epsilon)", lambda v, epsilon: mrow(root(v), PLUS, epsilon))
_P_NORM_STEP = _step(
    "-lr * m / (bias_correction * (u / norm_correction + epsilon))",
    lambda bias, u, norm, epsilon: mrow(bias, DOT, brackets(frac(u, norm), PLUS, epsilon)),
)
_RULES: dict[str, Callable[[str], list[Row]]] = {
    "adamax": lambda grad: [_first_moment(grad), _norm(grad), _RATE, _STEP],
    "adamax_uncorrected": lambda grad: [_first_moment(grad), _norm(grad), _UNCORRECTED_STEP],
    "torch_adamax": lambda grad: [_first_moment(grad), _torch_norm(grad), _RATE, _TORCH_STEP],
    "adam": lambda grad: [_first_moment(grad), _second_moment(grad), _ADAM_RATE, _ADAM_STEP],
    "p": lambda grad: [_first_moment(grad), _larger(grad), _p_norm(grad), _RATE, _P_NORM_STEP],
}


def rule_rows(rule: Rule, grad: str) -> list[Row]:
    """What a rule makes of the gradient that it gets; nothing of a rule that is not known here."""
    rows = _RULES.get(rule.name if rule.p is None else "p")
    return [] if rows is None else rows(grad)
