"""The arithmetic of one step as rows: symbol, formula, the same formula with this step's numbers, result.

A row is a template. Its numbers are names of arrays of the run (`per_step`) or constants (`constants`); whoever shows
it fills them in for a step and a coordinate. `expression` is the same arithmetic in Python, operation by operation as
the pipeline does it, so that tests can prove that each row's numbers give its result to the last bit.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.adamax import CLIPS, Adamax
from adamax_viz.core.engine import Optimizer
from adamax_viz.core.trajectory import Trajectory

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


class Ledger(NamedTuple):
    """The rows of a run and what their names mean."""

    rows: tuple[Row, ...]
    constants: dict[str, float]
    per_step: dict[str, NDArray[Any]]  # (T,) or (T, D)


# -- MathML, as little of it as the rows need -----------------------------------------------------------------


def _i(name: str, quantity: str = "") -> str:
    colour = f' data-q="{quantity}"' if quantity else ""
    return f"<mi{colour}>{name}</mi>"


def _sub(base: str, index: str) -> str:
    return f"<msub>{base}<mrow>{index}</mrow></msub>"


def _over(base: str, accent: str, quantity: str) -> str:
    return f'<mover accent="true" data-q="{quantity}"><mi>{base}</mi><mo>{accent}</mo></mover>'


def _n(name: str) -> str:
    return f'<mn data-of="{name}"></mn>'


def _o(sign: str) -> str:
    return f"<mo>{sign}</mo>"


def _row(*parts: str) -> str:
    return f"<mrow>{''.join(parts)}</mrow>"


def _frac(top: str, bottom: str) -> str:
    return f"<mfrac>{_row(top)}{_row(bottom)}</mfrac>"


def _brackets(*parts: str) -> str:
    return _row(_o("("), *parts, _o(")"))


def _abs(body: str) -> str:
    return _row(_o("|"), body, _o("|"))


def _length(body: str) -> str:
    return _row(_o("‖"), body, _o("‖"))


ONE = "<mn>1</mn>"
MINUS, PLUS, TIMES, COMMA = _o("−"), _o("+"), _o("·"), _o(",")
G = _i("g", "grad")
RAW = _sub(_i("g", "grad"), "<mtext>scaled</mtext>")
MEAN = _over("g", "¯", "grad")
CLIPPED = _over("g", "^", "grad_clipped")
M, M_BEFORE = _i("m", "m"), _sub(_i("m", "m"), _row(_i("t"), MINUS, ONE))
U, U_BEFORE = _i("u", "u"), _sub(_i("u", "u"), _row(_i("t"), MINUS, ONE))
BETA_1, BETA_2 = _sub(_i("β"), "<mn>1</mn>"), _sub(_i("β"), "<mn>2</mn>")
LR, LR_T = _i("α", "lr"), _sub(_i("α", "lr_t"), _i("t"))
POWER = f"<msubsup>{_i('β')}<mn>1</mn>{_i('t')}</msubsup>"
STEP, EPSILON, LIMIT = _i("Δ", "step"), _i("ε"), _i("c")
THETA, THETA_BEFORE = _i("θ", "theta"), _sub(_i("θ", "theta"), _row(_i("t"), MINUS, ONE))
DECAYED = _sub(_i("θ", "theta"), "<mtext>decayed</mtext>")
AVERAGE = _over("θ", "¯", "ema")
AVERAGE_BEFORE = _sub(AVERAGE, _row(_i("t"), MINUS, ONE))


def ledger(trajectory: Trajectory, optimizer: Optimizer, run: int = 0) -> Ledger:
    """The rows that are switched on for this run, and the numbers they need."""
    one = trajectory.only(run)
    optimizer = optimizer.single(run)
    adamax = optimizer.adamax
    scaled = "loss_scale" in one or adamax.loss_scale_factor is not None
    with np.errstate(all="ignore"):
        return Ledger(tuple(_rows(adamax, scaled=scaled)), _constants(adamax), _per_step(one, adamax))


def _rows(adamax: Adamax, *, scaled: bool) -> list[Row]:
    """The stages that are on, each taking over from the one before."""
    clip = next((n for n in CLIPS if (limit := getattr(adamax, n)) is not None and limit > 0), None)
    rows = []
    gradient = Term(G, "grad")
    weights = Term(THETA_BEFORE, "theta")
    if scaled:
        gradient = Term(G, "grad_unscaled")
        rows.append(_UNSCALE)
    if int(adamax.gradient_accumulation_steps or 1) > 1:
        rows.append(_accumulate(gradient))
        gradient = Term(MEAN, "grad_accumulated")
    if clip:
        rows.append(_CLIPS[clip](gradient))
        gradient = Term(CLIPPED, "grad_clipped")
    if adamax.weight_decay is not None:
        rows.append(_DECAY)
        weights = Term(DECAYED, "decayed")
    rows += [_first_moment(gradient), *_rule_rows(adamax, gradient), _move(weights)]
    if adamax.use_ema:
        rows.append(_EMA)
    if adamax.use_ema and adamax.ema_overwrite_frequency:
        rows.append(_OVERWRITE)
    return rows


def _rule_rows(adamax: Adamax, gradient: Term) -> list[Row]:
    """What the update rule makes of m: Adamax, the same without bias correction, or torch's."""
    if adamax.rule.name == "torch_adamax":
        return [_torch_norm(gradient), _RATE, _TORCH_STEP]
    if not adamax.rule.corrects_bias:
        return [_norm(gradient), _UNCORRECTED_STEP]
    return [_norm(gradient), _RATE, _STEP]


def _constants(adamax: Adamax) -> dict[str, float]:
    plan = adamax.plan(adamax.layout(["theta"], [(2,)]))
    values = {
        "N": plan.accumulation_steps,
        "c": plan.clip_limit,
        "weight_decay": plan.weight_decay,
        "one_minus_beta_1": plan.one_minus_beta_1,
        "beta_2": plan.beta_2,
        "epsilon": plan.epsilon,
        "ema_overwrite_frequency": plan.ema_overwrite_frequency,
    }
    return {name: float(value) for name, value in values.items() if value is not None}  # type: ignore[arg-type]


def _per_step(one: Trajectory, adamax: Adamax) -> dict[str, NDArray[Any]]:
    """Every array that rows speak of, in the run's own precision."""
    theta, steps = one["theta"][0], one.steps
    values = {name: one[name][0] for name in ("grad", "grad_unscaled", "grad_accumulated", "grad_clipped", "m", "u")}
    values |= {name: one[name][0] for name in ("lr", "lr_t", "step", "ema")}
    values |= {"theta": theta[:-1], "theta_next": theta[1:]}
    values |= {f"{name}_before": _before(values[name]) for name in ("m", "u", "ema")}
    values["bias_correction"] = adamax.bias_corrections(_counters(one, adamax))
    fixed = 1.0 if adamax.loss_scale_factor is None else adamax.loss_scale_factor
    values["scale"] = (one["loss_scale"][0] if "loss_scale" in one else np.full(steps, fixed)).astype(theta.dtype)
    values["bucket"] = _bucket(one)
    values["norm"] = _norms(one, adamax)
    values["decayed"] = _decayed(one, adamax)
    moved = values["decayed"] + values["step"]
    values["moved"] = np.where(one["is_update"][:, None], moved, theta[:-1])
    momentum = np.asarray(adamax.ema_momentum, np.float64).astype(theta.dtype)
    in_first_window = one["update"] == 0
    values["momentum"] = np.where(in_first_window, theta.dtype.type(0), momentum)
    values["one_minus_momentum"] = np.where(in_first_window, theta.dtype.type(1), 1 - momentum)
    return values


def _before(after: NDArray[Any]) -> NDArray[Any]:
    """The value before each step of a quantity that begins at zero."""
    return np.asarray(np.concatenate([np.zeros_like(after[:1]), after[:-1]]))


def _counters(one: Trajectory, adamax: Adamax) -> NDArray[Any]:
    """Keras's raw counter at each micro-step, as far as bias correction cares: any step of the same window."""
    return np.asarray(one["update"] * int(adamax.gradient_accumulation_steps or 1))


def _bucket(one: Trajectory) -> NDArray[Any]:
    """What the accumulator holds before each micro-step."""
    unscaled = one["grad_unscaled"][0]
    bucket: NDArray[Any] = np.zeros_like(unscaled)
    if one["is_update"].all():
        return bucket
    held: NDArray[Any] = np.zeros_like(unscaled[0])
    skips = skipped(one)
    for k in range(len(unscaled)):
        bucket[k] = held
        if not skips[k]:
            held = np.zeros_like(held) if one["is_update"][k] else unscaled[k] + held
    return bucket


def skipped(one: Trajectory) -> NDArray[np.bool_]:
    """The micro-steps ``(T,)`` that a dynamic loss scale leaves out because the scaled gradient overflowed."""
    if "loss_scale" not in one:
        return np.zeros(one.steps, bool)
    return np.asarray(~np.isfinite(one["grad"][0]).all(axis=1))


def _norms(one: Trajectory, adamax: Adamax) -> NDArray[Any]:
    """The norm that the clip compares with its limit, for each coordinate, ``(T, D)``."""
    squares = np.square(one["grad_accumulated"][0])
    norms: NDArray[Any] = np.empty_like(squares)
    together = adamax.global_clipnorm is not None
    for columns in [slice(0, squares.shape[1])] if together else one.variables.values():
        norms[:, columns] = np.sqrt(squares[:, columns].sum(axis=1, keepdims=True))
    return norms


def _decayed(one: Trajectory, adamax: Adamax) -> NDArray[Any]:
    theta = one["theta"][0, :-1]
    if adamax.weight_decay is None:
        return theta
    decayed = theta - theta * adamax.weight_decay * one["lr"][0][:, None]
    return np.where(one["is_update"][:, None], decayed, theta)


# -- the rows --------------------------------------------------------------------------------------------------

_UNSCALE = Row(
    "unscale",
    "grad",
    "Unscale",
    G,
    _frac(RAW, _i("S")),
    _frac(_n("grad"), _n("scale")),
    "grad_unscaled",
    "grad / scale",
)


def _accumulate(g: Term) -> Row:
    return Row(
        "accumulate",
        "grad",
        "Mean of the window so far",
        MEAN,
        _frac(_row(g.symbol, PLUS, _o("∑"), g.symbol), _i("N")),
        _frac(_row(_n(g.array), PLUS, _n("bucket")), _n("N")),
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
        _row(_i("clip"), _brackets(g.symbol, COMMA, MINUS, LIMIT, COMMA, LIMIT)),
        _row(_i("clip"), _brackets(_n(g.array), COMMA, MINUS, _n("c"), COMMA, _n("c"))),
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
        _frac(_row(g.symbol, TIMES, LIMIT), _row(_i("max"), _brackets(_length(g.symbol), COMMA, LIMIT))),
        _frac(_row(_n(g.array), TIMES, _n("c")), _row(_i("max"), _brackets(_n("norm"), COMMA, _n("c")))),
        "grad_clipped",
        f"{g.array} * c / np.maximum(norm, c)",
        "update",
    )


def _clip_global_norm(g: Term) -> Row:
    smaller = _brackets(_frac(ONE, _length(g.symbol)), COMMA, _frac(ONE, LIMIT))
    return Row(
        "clip",
        "grad_clipped",
        "Clip the norm of all",
        CLIPPED,
        _row(g.symbol, TIMES, LIMIT, TIMES, _i("min"), smaller),
        _row(
            *(_n(g.array), TIMES, _n("c"), TIMES, _i("min")),
            _brackets(_frac(ONE, _n("norm")), COMMA, _frac(ONE, _n("c"))),
        ),
        "grad_clipped",
        f"{g.array} * (c * np.minimum(1.0 / norm, 1.0 / c) + (norm - norm))",
        "update",
    )


_CLIPS = {"clipvalue": _clip_value, "clipnorm": _clip_norm, "global_clipnorm": _clip_global_norm}
_DECAY = Row(
    "decay",
    "theta",
    "Weight decay",
    DECAYED,
    _row(THETA_BEFORE, MINUS, THETA_BEFORE, TIMES, _i("λ"), TIMES, LR),
    _row(_n("theta"), MINUS, _n("theta"), TIMES, _n("weight_decay"), TIMES, _n("lr")),
    "decayed",
    "theta - theta * weight_decay * lr",
    "update",
)


def _first_moment(g: Term) -> Row:
    return Row(
        "m",
        "m",
        "First moment",
        M,
        _row(M_BEFORE, PLUS, _brackets(g.symbol, MINUS, M_BEFORE), _brackets(ONE, MINUS, BETA_1)),
        _row(_n("m_before"), PLUS, _brackets(_n(g.array), MINUS, _n("m_before")), TIMES, _n("one_minus_beta_1")),
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
        _row(_i("max"), _brackets(_row(BETA_2, U_BEFORE), COMMA, _abs(g.symbol))),
        _row(
            _i("max"),
            _brackets(
                f'<mrow data-branch="decay">{_n("beta_2")}{TIMES}{_n("u_before")}</mrow>',
                COMMA,
                f'<mrow data-branch="gradient">{_abs(_n(g.array))}</mrow>',
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
    _frac(LR, _row(ONE, MINUS, POWER)),
    _frac(_n("lr"), _n("bias_correction")),
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
    _row(MINUS, _frac(_row(LR, TIMES, M), _row(_brackets(ONE, MINUS, POWER), _brackets(U, PLUS, EPSILON)))),
    _row(
        MINUS,
        _frac(
            _row(_n("lr"), TIMES, _n("m")),
            _row(_n("bias_correction"), TIMES, _brackets(_n("u"), PLUS, _n("epsilon"))),
        ),
    ),
    "step",
    "-lr * m / (bias_correction * (u + epsilon))",
    "update",
)

_UNCORRECTED_STEP = _STEP._replace(
    title="Step, not corrected",
    formula=_row(MINUS, _frac(_row(LR, TIMES, M), _row(U, PLUS, EPSILON))),
    numbers=_row(MINUS, _frac(_row(_n("lr"), TIMES, _n("m")), _row(_n("u"), PLUS, _n("epsilon")))),
    expression="-lr * m / (u + epsilon)",
)
_TORCH_STEP = _STEP._replace(
    formula=_row(MINUS, _frac(_row(LR, TIMES, M), _row(_brackets(ONE, MINUS, POWER), U))),
    numbers=_row(MINUS, _frac(_row(_n("lr"), TIMES, _n("m")), _row(_n("bias_correction"), TIMES, _n("u")))),
    expression="-lr * m / (bias_correction * u)",
)


def _torch_norm(g: Term) -> Row:
    """torch adds epsilon inside the max."""
    return _norm(g)._replace(
        formula=_row(_i("max"), _brackets(_row(BETA_2, U_BEFORE), COMMA, _row(_abs(g.symbol), PLUS, EPSILON))),
        numbers=_row(
            _i("max"),
            _brackets(_row(_n("beta_2"), TIMES, _n("u_before")), COMMA, _row(_abs(_n(g.array)), PLUS, _n("epsilon"))),
        ),
        expression=f"np.maximum(beta_2 * u_before, np.abs({g.array}) + epsilon)",
    )


def _move(theta: Term) -> Row:
    return Row(
        "theta",
        "theta",
        "New weights",
        THETA,
        _row(theta.symbol, PLUS, STEP),
        _row(_n(theta.array), PLUS, _n("step")),
        "moved",
        f"{theta.array} + step",
        "update",
    )


_EMA = Row(
    "ema",
    "ema",
    "Average",
    AVERAGE,
    _row(_i("μ"), TIMES, AVERAGE_BEFORE, PLUS, _brackets(ONE, MINUS, _i("μ")), TIMES, THETA),
    _row(_n("momentum"), TIMES, _n("ema_before"), PLUS, _n("one_minus_momentum"), TIMES, _n("moved")),
    "ema",
    "momentum * ema_before + one_minus_momentum * moved",
    "applied",
)
_OVERWRITE = Row(
    "overwrite", "theta", "Overwrite with the average", THETA, AVERAGE, _n("ema"), "theta_next", "ema", "overwrite"
)
