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
from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.trajectory import Trajectory

When = Literal["always", "update", "overwrite"]


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
STEP, THETA, EPSILON, LIMIT = _i("Δ", "step"), _i("θ", "theta"), _i("ε"), _i("c")
AVERAGE = _over("θ", "¯", "ema")
NORM = _row(_o("‖"), G, _o("‖"))


def ledger(trajectory: Trajectory, optimizer: Optimizer, run: int = 0) -> Ledger:
    """The rows that are switched on for this run, and the numbers they need."""
    one = trajectory.only(run)
    adamax = optimizer.inner_optimizer if isinstance(optimizer, LossScaleOptimizer) else optimizer
    constants = _constants(adamax)
    per_step = _per_step(one, adamax)
    clip = next((n for n in CLIPS if (limit := getattr(adamax, n)) is not None and limit > 0), None)
    scaled = "loss_scale" in one or adamax.loss_scale_factor is not None
    windows = int(adamax.gradient_accumulation_steps or 1) > 1
    rows = [
        *([_UNSCALE] if scaled else []),
        *([_ACCUMULATE] if windows else []),
        *([_CLIPS[clip]] if clip else []),
        *([_DECAY] if adamax.weight_decay is not None else []),
        _FIRST_MOMENT,
        _NORM,
        _RATE,
        _STEP,
        _MOVE,
        *([_EMA] if adamax.use_ema else []),
        *([_OVERWRITE] if adamax.use_ema and adamax.ema_overwrite_frequency else []),
    ]
    return Ledger(tuple(rows), constants, per_step)


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
    scale = one["loss_scale"][0] if "loss_scale" in one else np.full(steps, adamax.loss_scale_factor or 1.0)
    values["scale"] = scale.astype(theta.dtype)
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
    held: NDArray[Any] = np.zeros_like(unscaled[0])
    for k in range(len(unscaled)):
        bucket[k] = held
        held = np.zeros_like(held) if one["is_update"][k] else unscaled[k] + held
    return bucket


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
_ACCUMULATE = Row(
    "accumulate",
    "grad",
    "Mean of the window so far",
    MEAN,
    _frac(_row(G, PLUS, _o("∑"), G), _i("N")),
    _frac(_row(_n("grad_unscaled"), PLUS, _n("bucket")), _n("N")),
    "grad_accumulated",
    "(grad_unscaled + bucket) / N",
)
_CLIPS = {
    "clipvalue": Row(
        "clip",
        "grad_clipped",
        "Clip each entry",
        CLIPPED,
        _row(_i("clip"), _brackets(G, COMMA, MINUS, LIMIT, COMMA, LIMIT)),
        _row(_i("clip"), _brackets(_n("grad_accumulated"), COMMA, MINUS, _n("c"), COMMA, _n("c"))),
        "grad_clipped",
        "np.clip(grad_accumulated, -c, c)",
        "update",
    ),
    "clipnorm": Row(
        "clip",
        "grad_clipped",
        "Clip the variable's norm",
        CLIPPED,
        _frac(_row(G, TIMES, LIMIT), _row(_i("max"), _brackets(NORM, COMMA, LIMIT))),
        _frac(
            _row(_n("grad_accumulated"), TIMES, _n("c")), _row(_i("max"), _brackets(_n("norm"), COMMA, _n("c")))
        ),
        "grad_clipped",
        "grad_accumulated * c / np.maximum(norm, c)",
        "update",
    ),
    "global_clipnorm": Row(
        "clip",
        "grad_clipped",
        "Clip the norm of all",
        CLIPPED,
        _row(G, TIMES, LIMIT, TIMES, _i("min"), _brackets(_frac(ONE, NORM), COMMA, _frac(ONE, LIMIT))),
        _row(
            _n("grad_accumulated"), TIMES, _n("c"), TIMES, _i("min"),
            _brackets(_frac(ONE, _n("norm")), COMMA, _frac(ONE, _n("c"))),
        ),
        "grad_clipped",
        "grad_accumulated * (c * np.minimum(1.0 / norm, 1.0 / c) + (norm - norm))",
        "update",
    ),
}  # fmt: skip
_DECAY = Row(
    "decay",
    "theta",
    "Weight decay",
    _sub(THETA, "<mtext>decayed</mtext>"),
    _row(THETA, MINUS, THETA, TIMES, _i("λ"), TIMES, LR),
    _row(_n("theta"), MINUS, _n("theta"), TIMES, _n("weight_decay"), TIMES, _n("lr")),
    "decayed",
    "theta - theta * weight_decay * lr",
    "update",
)
_FIRST_MOMENT = Row(
    "m",
    "m",
    "First moment",
    M,
    _row(M_BEFORE, PLUS, _brackets(CLIPPED, MINUS, M_BEFORE), _brackets(ONE, MINUS, BETA_1)),
    _row(_n("m_before"), PLUS, _brackets(_n("grad_clipped"), MINUS, _n("m_before")), TIMES, _n("one_minus_beta_1")),
    "m",
    "m_before + (grad_clipped - m_before) * one_minus_beta_1",
    "update",
)
_NORM = Row(
    "u",
    "u",
    "Infinity norm",
    U,
    _row(_i("max"), _brackets(_row(BETA_2, U_BEFORE), COMMA, _abs(CLIPPED))),
    _row(
        _i("max"),
        _brackets(
            f'<mrow data-branch="decay">{_n("beta_2")}{TIMES}{_n("u_before")}</mrow>',
            COMMA,
            f'<mrow data-branch="gradient">{_abs(_n("grad_clipped"))}</mrow>',
        ),
    ),
    "u",
    "np.maximum(beta_2 * u_before, np.abs(grad_clipped))",
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
_MOVE = Row(
    "theta",
    "theta",
    "New weights",
    THETA,
    _row(THETA, PLUS, STEP),
    _row(_n("decayed"), PLUS, _n("step")),
    "moved",
    "decayed + step",
    "update",
)
_EMA = Row(
    "ema",
    "ema",
    "Average",
    AVERAGE,
    _row(_i("μ"), TIMES, AVERAGE, PLUS, _brackets(ONE, MINUS, _i("μ")), TIMES, THETA),
    _row(_n("momentum"), TIMES, _n("ema_before"), PLUS, _n("one_minus_momentum"), TIMES, _n("moved")),
    "ema",
    "momentum * ema_before + one_minus_momentum * moved",
)
_OVERWRITE = Row(
    "overwrite", "theta", "Overwrite with the average", THETA, AVERAGE, _n("ema"), "theta_next", "ema", "overwrite"
)
