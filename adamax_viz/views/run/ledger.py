"""The arithmetic of one step as rows: symbol, formula, the same formula with this step's numbers, result.

The rows are templates. Their numbers are names of arrays of the run (`per_step`) or constants (`constants`); whoever
shows them fills them in for a step and a coordinate.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.engine import Optimizer
from adamax_viz.core.optimizer import Adamax
from adamax_viz.core.pipeline import CLIPS
from adamax_viz.core.rules import Rule, decay_power, norm_correction, unit_of
from adamax_viz.core.trajectory import Trajectory
from adamax_viz.views.run import ledger_rows
from adamax_viz.views.run.ledger_rows import Row
from adamax_viz.views.run.rule_rows import rule_rows


class Ledger(NamedTuple):
    """The rows of a run and what their names mean."""

    rows: tuple[Row, ...]
    constants: dict[str, float]
    per_step: dict[str, NDArray[Any]]  # (T,) or (T, D)


def ledger(run: Trajectory, optimizer: Optimizer) -> Ledger:
    """The rows that are switched on for a single run, and the numbers they need."""
    adamax = optimizer.adamax
    scaled = "loss_scale" in run or adamax.loss_scale_factor is not None
    with np.errstate(all="ignore"):
        return Ledger(tuple(_rows(adamax, scaled=scaled)), _constants(adamax), _per_step(run, adamax))


def _rows(adamax: Adamax, *, scaled: bool) -> list[Row]:
    """The stages that are on, each taking over from the one before."""
    clip = next((n for n in CLIPS if (limit := getattr(adamax, n)) is not None and limit > 0), None)
    rows, grad, weights = [], "grad", "theta"
    if scaled:
        rows.append(ledger_rows.UNSCALE)
        grad = "grad_unscaled"
    if int(adamax.gradient_accumulation_steps or 1) > 1:
        rows.append(ledger_rows.accumulate(grad))
        grad = "grad_accumulated"
    if clip:
        rows.append(ledger_rows.clip(clip, grad))
        grad = "grad_clipped"
    if adamax.weight_decay is not None:
        rows.append(ledger_rows.DECAY)
        weights = "decayed"
    rows += [*rule_rows(adamax.rule, grad), ledger_rows.move(weights)]
    if adamax.use_ema:
        rows.append(ledger_rows.EMA)
    if adamax.use_ema and adamax.ema_overwrite_frequency:
        rows.append(ledger_rows.OVERWRITE)
    return rows


def _constants(adamax: Adamax) -> dict[str, float]:
    plan = adamax.plan_for({"theta": slice(0, 2)})
    values = {
        "N": plan.accumulation_steps,
        "c": plan.clip_limit,
        "weight_decay": plan.weight_decay,
        "one_minus_beta_1": plan.one_minus_beta_1,
        "beta_2": plan.beta_2,
        "one_minus_beta_2": plan.one_minus_beta_2,
        "p": adamax.rule.p,
        "epsilon": plan.epsilon,
        "ema_overwrite_frequency": plan.ema_overwrite_frequency,
    }
    return {name: float(value) for name, value in values.items() if value is not None}  # type: ignore[arg-type]


def _per_step(run: Trajectory, adamax: Adamax) -> dict[str, NDArray[Any]]:
    """Every array that rows speak of, in the run's own precision."""
    theta, steps = run["theta"][0], run.steps
    values = {name: run[name][0] for name in (*run.parameter_fields, "lr", "lr_t")}
    values |= {"theta": theta[:-1], "theta_next": theta[1:]}
    values |= {f"{name}_before": _before(values[name]) for name in (*run.moments, "ema")}
    # Of Keras's raw counter any step of the same window does.
    values["bias_correction"] = adamax.bias_corrections(run["update"] * int(adamax.gradient_accumulation_steps or 1))
    fixed = 1.0 if adamax.loss_scale_factor is None else adamax.loss_scale_factor
    values["scale"] = (run["loss_scale"][0] if "loss_scale" in run else np.full(steps, fixed)).astype(theta.dtype)
    values["bucket"] = _bucket(run)
    values["norm"] = clip_norms(run, adamax, range(theta.shape[1]))
    values["decayed"] = _decayed(run, adamax)
    moved = values["decayed"] + values["step"]
    values["moved"] = np.where(run["is_update"][:, None], moved, theta[:-1])
    momentum = np.asarray(adamax.ema_momentum, np.float64).astype(theta.dtype)
    in_first_window = run["update"] == 0
    values["momentum"] = np.where(in_first_window, theta.dtype.type(0), momentum)
    values["one_minus_momentum"] = np.where(in_first_window, theta.dtype.type(1), 1 - momentum)
    return values | _of_rule(adamax.rule, run, adamax.beta_2, values)


def _of_rule(rule: Rule, run: Trajectory, beta_2: float, values: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """What the rows of Adam and of the p-norms need beside the moments."""
    dtype, updates = run["theta"].dtype, (run["update"] + 1).tolist()
    if "v" in run.moments:
        correction = np.array([1 - decay_power(beta_2, t, dtype) for t in updates], dtype)
        alpha = values["lr"] * np.sqrt(correction) / values["bias_correction"]
        return {"bias_correction_2": correction, "alpha": alpha}
    if rule.p is not None:
        larger = unit_of(dtype.type(beta_2) * values["u_before"], np.abs(values["grad_clipped"]))
        correction = np.array([norm_correction(beta_2, rule.p, t) for t in updates], dtype)
        return {"larger": larger, "norm_correction": correction}
    return {}


def _before(after: NDArray[Any]) -> NDArray[Any]:
    """The value before each step of a quantity that begins at zero."""
    return np.asarray(np.concatenate([np.zeros_like(after[:1]), after[:-1]]))


def _bucket(run: Trajectory) -> NDArray[Any]:
    """What the accumulator holds before each micro-step."""
    unscaled = run["grad_unscaled"][0]
    bucket: NDArray[Any] = np.zeros_like(unscaled)
    if run["is_update"].all():
        return bucket
    held: NDArray[Any] = np.zeros_like(unscaled[0])
    skips = skipped(run)
    for k in range(len(unscaled)):
        bucket[k] = held
        if not skips[k]:
            held = np.zeros_like(held) if run["is_update"][k] else unscaled[k] + held
    return bucket


def skipped(run: Trajectory) -> NDArray[np.bool_]:
    """The micro-steps ``(T,)`` that a dynamic loss scale leaves out because the scaled gradient overflowed."""
    if "loss_scale" not in run:
        return np.zeros(run.steps, bool)
    return np.asarray(~np.isfinite(run["grad"][0]).all(axis=1))


def clip_norms(run: Trajectory, adamax: Adamax, columns: Sequence[int]) -> NDArray[Any]:
    """The norm that the clip compares with its limit ``(T, columns)``: of all of the variable, or of everything."""
    gradient, parts = run["grad_accumulated"][0], list(run.variables.values())
    if adamax.global_clipnorm is not None:
        parts = [slice(0, gradient.shape[1])]
    owners = np.searchsorted([part.start for part in parts], columns, side="right") - 1
    with np.errstate(all="ignore"):
        return np.stack([np.linalg.norm(gradient[:, parts[owner]], axis=1) for owner in owners], axis=1)


def _decayed(run: Trajectory, adamax: Adamax) -> NDArray[Any]:
    theta = run["theta"][0, :-1]
    if adamax.weight_decay is None:
        return theta
    decayed = theta - theta * adamax.weight_decay * run["lr"][0][:, None]
    return np.where(run["is_update"][:, None], decayed, theta)
