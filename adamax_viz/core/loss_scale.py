"""``LossScaleOptimizer``: Keras's dynamic loss scale around `Adamax`."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from adamax_viz.core.arguments import number
from adamax_viz.core.optimizer import Adamax
from adamax_viz.core.rules import Rule
from adamax_viz.core.schedules import serialize
from adamax_viz.core.stateless import OptimizerState, Record, Variables
from adamax_viz.core.types import Dtype

# Arguments that older configs carry, and the only values they may have.
_OLDER_ARGUMENTS = {
    **dict.fromkeys(("weight_decay", "clipnorm", "global_clipnorm", "clipvalue")),
    **{"use_ema": False, "ema_momentum": 0.99},
    **dict.fromkeys(("ema_overwrite_frequency", "loss_scale_factor", "gradient_accumulation_steps")),
}


class Scale(NamedTuple):
    """A loss scale that finds itself, by Keras's names."""

    dynamic_scale: float
    step_counter: int = 0  # good steps in a row


class ScaledState(NamedTuple):
    """State of a `LossScaleOptimizer`: the inner optimizer's, the scale, and the good steps in a row."""

    inner: OptimizerState
    dynamic_scale: float
    step_counter: int


class LossScaleOptimizer:
    """``keras.optimizers.LossScaleOptimizer`` around `Adamax`: a loss scale that finds itself.

    Gradients arrive multiplied by the scale. If all are finite, the inner optimizer gets them divided by it, and
    after `dynamic_growth_steps` good steps in a row the scale doubles; else the scale halves and nothing else moves.

    Args:
        inner_optimizer: an `Adamax` for a single run; its `loss_scale_factor` is switched off, as Keras does.
        initial_scale: 2^15 by default.
        dynamic_growth_steps: good steps in a row before the scale doubles.
    """

    is_uniform = False  # which steps are skipped differs from run to run: they can't be computed side by side

    def __init__(
        self,
        inner_optimizer: Adamax,
        initial_scale: float = 2.0**15,
        dynamic_growth_steps: int = 2000,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        if not kwargs.pop("dynamic", True):
            raise ValueError(
                "LossScaleOptimizer no longer supports `dynamic=False`. Instead, simply set `loss_scale_factor` "
                "directly on the `inner_optimizer`."
            )
        for argument, default in _OLDER_ARGUMENTS.items():
            if argument in kwargs and kwargs.pop(argument) != default:
                raise ValueError(
                    f"LossScaleOptimizer does not support `{argument}`. Instead, set `{argument}` on the "
                    "`inner_optimizer`."
                )
        if kwargs:
            raise ValueError(f"LossScaleOptimizer does not support arguments: `{'`, `'.join(kwargs)}`.")
        if not isinstance(inner_optimizer, Adamax):
            raise ValueError(f"`inner_optimizer` must be an Adamax. Received: {inner_optimizer!r}")
        self.inner_optimizer = self.adamax = inner_optimizer.with_arguments({"loss_scale_factor": None})
        self.runs = self.adamax.runs
        self.initial_scale = number("initial_scale", initial_scale, batch=False)
        self.first_scale = Scale(_round32(self.initial_scale))
        self.dynamic_growth_steps = int(number("dynamic_growth_steps", dynamic_growth_steps, batch=False))
        self.name = "loss_scale_optimizer" if name is None else name

    def single(self, run: int) -> "LossScaleOptimizer":
        """The optimizer of one run of the batch."""
        return self._around(self.inner_optimizer.single(run))

    def with_dtype(self, dtype: Dtype) -> "LossScaleOptimizer":
        """The same optimizer in another precision."""
        return self._around(self.inner_optimizer.with_dtype(dtype))

    def with_rule(self, rule: str | Rule) -> "LossScaleOptimizer":
        """As `Adamax.with_rule`."""
        return self._around(self.inner_optimizer.with_rule(rule))

    def _around(self, inner: Adamax) -> "LossScaleOptimizer":
        return LossScaleOptimizer(inner, self.initial_scale, self.dynamic_growth_steps, self.name)

    def get_config(self) -> dict[str, Any]:
        """As Keras's."""
        return {
            "name": self.name,
            "inner_optimizer": serialize(self.inner_optimizer, "keras.optimizers"),
            "initial_scale": self.initial_scale,
            "dynamic_growth_steps": self.dynamic_growth_steps,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "LossScaleOptimizer":
        """The inverse of `get_config`."""
        config = dict(config)
        return cls(Adamax.from_config(config.pop("inner_optimizer")["config"]), **config)

    def init(self, variables: Sequence[ArrayLike], names: Sequence[str] | None = None) -> ScaledState:
        """The state before the first step; arguments as for `Adamax.init`."""
        return ScaledState(self.inner_optimizer.init(variables, names), *self.first_scale)

    def apply(
        self, grads: Sequence[ArrayLike | None], variables: Sequence[ArrayLike], state: ScaledState
    ) -> tuple[Variables, ScaledState, Record | None]:
        """One raw step on scaled gradients; the record is None if the step was skipped."""
        dtype = self.inner_optimizer.dtype
        with np.errstate(all="ignore"):
            scaled = [None if g is None else np.asarray(g, dtype) for g in grads]
            unscaled = [None if g is None else g / state.dynamic_scale for g in scaled]
        finite = all(np.isfinite(g).all() for g in scaled if g is not None)
        scale = self.next_scale(Scale(state.dynamic_scale, state.step_counter), finite=finite)
        if not finite:
            return [np.array(v, dtype) for v in variables], ScaledState(state.inner, *scale), None
        moved, inner, record = self.inner_optimizer.apply(unscaled, variables, state.inner)
        return moved, ScaledState(inner, *scale), record

    def next_scale(self, scale: Scale, *, finite: bool) -> Scale:
        """The scale after a step, by whether all its gradients were finite; it has no floor and no ceiling."""
        if not finite:
            return Scale(_round32(scale.dynamic_scale * 0.5))
        if scale.step_counter == self.dynamic_growth_steps - 1:
            return Scale(_round32(scale.dynamic_scale * 2.0))
        return Scale(scale.dynamic_scale, scale.step_counter + 1)

    def finalize(self, variables: Sequence[ArrayLike], state: ScaledState) -> Variables:
        """As `Adamax.finalize`."""
        return self.inner_optimizer.finalize(variables, state.inner)


def _round32(scale: float) -> float:
    """Keras keeps the scale in float32, where it can overflow to infinity and underflow to zero."""
    with np.errstate(all="ignore"):
        return float(np.float32(scale))
