"""``Adamax``: the arguments of Keras's constructor, checked as there, and what the pipeline makes of them."""

import math
import re
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from adamax_viz.core import schedules
from adamax_viz.core.arguments import LearningRate, batch_of, check_clips, check_switches, number, rate
from adamax_viz.core.pipeline import CLIPS, Layout, Plan, init_state, side_by_side
from adamax_viz.core.rules import RULES, Rule, find_rule
from adamax_viz.core.stateless import OptimizerState, Packing, Record, Variables, apply, names_and_shapes
from adamax_viz.core.types import Array, Dtype

# In the order of Keras's `get_config`.
_ARGUMENTS = (
    *("name", "learning_rate", "weight_decay", "clipnorm", "global_clipnorm", "clipvalue"),
    *("use_ema", "ema_momentum", "ema_overwrite_frequency", "loss_scale_factor", "gradient_accumulation_steps"),
    *("beta_1", "beta_2", "epsilon"),
)
# Arguments that decide which stages run at all: a batch may differ in them only run by run.
_STRUCTURAL = ("ema_overwrite_frequency", "gradient_accumulation_steps")


class Adamax:
    """``keras.optimizers.Adamax``, exactly, with every intermediate by name.

    Arguments, defaults and errors are those of Keras 3.15. Every number may also be a 1-D array (or list) of R
    values: a batch of R runs, whose variables carry a leading axis R.

    Args:
        learning_rate: float, schedule of `adamax_viz.schedules`, or a callable without arguments.
        beta_1: decay rate of the first moment m.
        beta_2: decay rate of the infinity norm u.
        epsilon: added to u before dividing.
        weight_decay: decoupled decay, times the scheduled rate; None is off.
        clipnorm, clipvalue, global_clipnorm: at most one: each variable's norm, each entry, all together; <= 0 is off.
        use_ema, ema_momentum, ema_overwrite_frequency: moving average of the weights.
        loss_scale_factor: gradients are divided by it.
        gradient_accumulation_steps: update once every so many calls, on the mean gradient.
        name: "adamax" if None.
        dtype: "float64" or "float32" (Keras's own); this argument is ours.

    Raises:
        ValueError: with Keras's message where Keras checks; else one sentence naming the argument.
    """

    def __init__(
        self,
        learning_rate: LearningRate | Sequence[float] = 0.001,
        beta_1: float | ArrayLike = 0.9,
        beta_2: float | ArrayLike = 0.999,
        epsilon: float | ArrayLike = 1e-7,
        weight_decay: float | ArrayLike | None = None,
        clipnorm: float | ArrayLike | None = None,
        clipvalue: float | ArrayLike | None = None,
        global_clipnorm: float | ArrayLike | None = None,
        use_ema: bool = False,
        ema_momentum: float | ArrayLike = 0.99,
        ema_overwrite_frequency: int | ArrayLike | None = None,
        loss_scale_factor: float | ArrayLike | None = None,
        gradient_accumulation_steps: int | ArrayLike | None = None,
        name: str | None = None,
        *,
        dtype: Dtype = "float64",
        **kwargs: Any,
    ) -> None:
        if kwargs.pop("decay", None) is not None:
            warnings.warn("Argument `decay` is no longer supported and will be ignored.", stacklevel=2)
        if kwargs:
            raise ValueError(f"Argument(s) not recognized: {kwargs}")
        if dtype not in ("float32", "float64"):
            raise ValueError(f"`dtype` must be 'float32' or 'float64'. Received: dtype={dtype!r}")
        self.name = "adamax" if name is None else name
        self.dtype: Dtype = dtype
        self.rule = RULES["adamax"]
        self.use_ema = bool(use_ema)
        self.ema_overwrite_frequency = batch_of(ema_overwrite_frequency)
        self.gradient_accumulation_steps = batch_of(gradient_accumulation_steps)
        check_switches(gradient_accumulation_steps, self.use_ema, ema_momentum, ema_overwrite_frequency)
        check_clips(clipnorm=clipnorm, clipvalue=clipvalue, global_clipnorm=global_clipnorm)
        self.learning_rate = rate(learning_rate)
        self.beta_1, self.beta_2 = number("beta_1", beta_1), number("beta_2", beta_2)
        self.epsilon = number("epsilon", epsilon)
        self.weight_decay = number("weight_decay", weight_decay, optional=True)
        self.clipnorm = number("clipnorm", clipnorm, optional=True)
        self.clipvalue = number("clipvalue", clipvalue, optional=True)
        self.global_clipnorm = number("global_clipnorm", global_clipnorm, optional=True)
        self.loss_scale_factor = number("loss_scale_factor", loss_scale_factor, optional=True)
        self.ema_momentum = number("ema_momentum", ema_momentum) if use_ema else batch_of(ema_momentum)
        self.exclude_from_weight_decay()
        lengths = {name: len(values) for name, values in self._batches().items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"Arrays of hyperparameters must have one length, a value a run. Received: {lengths}")

    def arguments(self) -> dict[str, Any]:
        """The constructor's arguments but for dtype, in Keras's `get_config` order."""
        return {name: getattr(self, name) for name in _ARGUMENTS}

    def get_config(self) -> dict[str, Any]:
        """The dictionary that Keras's `get_config` gives; ``keras.optimizers.Adamax.from_config`` takes it.

        Raises:
            ValueError: the learning rate is a callable, which has no config.
        """
        config = {n: v.tolist() if isinstance(v, np.ndarray) else v for n, v in self.arguments().items()}
        if isinstance(self.learning_rate, schedules.Schedule):
            config["learning_rate"] = schedules.serialize(self.learning_rate)
        elif callable(self.learning_rate):
            raise ValueError("A callable `learning_rate` can't be written into a config; use a float or a schedule.")
        else:
            # Keras reads it back from a variable, which has the run's precision.
            config["learning_rate"] = np.asarray(self.learning_rate, self.dtype).tolist()
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "Adamax":
        """The optimizer of a config, ours or Keras's."""
        config = dict(config)
        if isinstance(config.get("learning_rate"), dict):
            config["learning_rate"] = schedules.deserialize(config["learning_rate"])
        return cls(**config)

    @property
    def adamax(self) -> "Adamax":
        """Itself; of a `LossScaleOptimizer`, the optimizer inside."""
        return self

    def _batches(self) -> dict[str, Array]:
        """The arguments that are arrays of R values."""
        return {name: value for name, value in self.arguments().items() if isinstance(value, np.ndarray)}

    @property
    def runs(self) -> int | None:
        """R if any argument is an array of R values, else None."""
        return next((len(values) for values in self._batches().values()), None)

    @property
    def is_uniform(self) -> bool:
        """Whether all runs go through the same stages, so that they can be computed side by side."""
        _, limit = self._clip()
        return self._batches().keys().isdisjoint(_STRUCTURAL) and (np.ndim(limit) == 0 or bool(np.all(limit > 0)))

    def inside(self, runs: int) -> tuple[float, ...]:
        """The epsilon that the rule has inside its max, for each run; none if it has none there."""
        return tuple(np.broadcast_to(self.epsilon, runs).tolist()) if self.rule.epsilon_inside else ()

    def single(self, run: int) -> "Adamax":
        """The optimizer of one run of the batch; arrays of one value hold for every run."""
        batches = self._batches().items()
        return self.with_arguments({name: values.item(run if len(values) > 1 else 0) for name, values in batches})

    def with_arguments(self, arguments: dict[str, Any]) -> "Adamax":
        """The same optimizer with other values for some arguments, `dtype` too."""
        optimizer = Adamax(**{"dtype": self.dtype, **self.arguments(), **arguments})
        optimizer.rule = self.rule
        optimizer.excluded_variables, optimizer.excluded_names = self.excluded_variables, self.excluded_names
        return optimizer

    def with_dtype(self, dtype: Dtype) -> "Adamax":
        """The same optimizer in another precision."""
        return self.with_arguments({"dtype": dtype})

    def with_rule(self, rule: str | Rule) -> "Adamax":
        """The same arguments with another update rule, see `adamax_viz.core.rules.find_rule`.

        Raises:
            ValueError: an unknown name.
        """
        optimizer = self.with_arguments({})
        optimizer.rule = find_rule(rule) if isinstance(rule, str) else rule
        return optimizer

    def exclude_from_weight_decay(
        self, var_list: Sequence[Any] | None = None, var_names: Sequence[str] | None = None
    ) -> None:
        """Exclude variables from weight decay; call it before `init` or `run`.

        Args:
            var_list: arrays that will be given to `init`, recognised by identity.
            var_names: regular expressions; a variable whose name contains one is excluded.
        """
        self.excluded_variables = list(var_list or [])
        self.excluded_names = re.compile("|".join(sorted(set(var_names)))) if var_names else None

    # -- what the pipeline needs ---------------------------------------------------------------------------

    def layout(self, names: Sequence[str], shapes: Sequence[tuple[int, ...]], variables: Sequence[Any] = ()) -> Layout:
        """How variables of these names and shapes lie in the flat parameters, and which of them decay."""
        named = [self.excluded_names is not None and self.excluded_names.search(n) is not None for n in names]
        listed = [any(v is x for x in self.excluded_variables) for v in variables] or [False] * len(named)
        decays = tuple(not (a or b) for a, b in zip(named, listed, strict=True))
        return Layout(tuple(names), tuple(shapes), side_by_side(map(math.prod, shapes)), decays)

    def plan_for(self, variables: Mapping[str, slice]) -> Plan:
        """The switches for flat parameters in which the variables are these columns."""
        return self.plan(
            self.layout(list(variables), [(columns.stop - columns.start,) for columns in variables.values()])
        )

    def _clip(self) -> tuple[str | None, Any]:
        """The clip that Keras would apply and its limit; clipnorm first, then global_clipnorm, then clipvalue."""
        for name in CLIPS:
            limit = getattr(self, name)
            if isinstance(limit, np.ndarray) or (limit is not None and limit > 0):
                return name, limit
        return None, 0.0

    def plan(self, layout: Layout) -> Plan:
        """The switches as the pipeline wants them: floats or ``(R, 1)`` arrays, rounded as Keras rounds them."""
        dtype = np.dtype(self.dtype)

        def cast(value: Any) -> Any:
            return value.astype(dtype)[:, None] if isinstance(value, np.ndarray) else value

        clip, limit = self._clip()
        momentum = dtype.type(self.ema_momentum)
        return Plan(
            layout=layout,
            dtype=dtype,
            rule=self.rule,
            one_minus_beta_1=cast(1 - self.beta_1),
            beta_2=cast(self.beta_2),
            one_minus_beta_2=cast(1 - self.beta_2),
            epsilon=cast(self.epsilon),
            weight_decay=cast(self.weight_decay),
            clip=CLIPS[clip] if clip else None,
            clip_limit=cast(limit),
            one_over_clip_limit=cast(1.0 / limit) if clip else 0.0,
            ema_momentum=cast(momentum) if self.use_ema else None,
            one_minus_ema_momentum=cast(1 - momentum),
            ema_overwrite_frequency=int(self.ema_overwrite_frequency or 0) if self.use_ema else 0,
            loss_scale_factor=cast(self.loss_scale_factor),
            accumulation_steps=int(self.gradient_accumulation_steps or 1),
        )

    def rates(self, k: Any) -> Array:
        """The scheduled learning rate at raw steps k, in the run's dtype: the shape of k, or ``(*k.shape, R)``."""
        k, lr = np.asarray(k), self.learning_rate
        if isinstance(lr, schedules.Schedule):
            return np.asarray(lr(k, self.dtype))
        if isinstance(lr, np.ndarray):
            return np.broadcast_to(lr.astype(self.dtype), (*k.shape, len(lr)))
        if callable(lr):
            return np.asarray([lr() for _ in range(k.size)], self.dtype).reshape(k.shape)
        return np.full(k.shape, lr, self.dtype)

    def bias_corrections(self, k: Any) -> Array:
        """``1 - beta_1^t`` for the update t that raw step k belongs to, shaped as `rates`.

        The power is taken in float64 of the rounded beta_1, then rounded: what Keras's backends agree on. A rule that
        does not correct has 1.
        """
        t = np.asarray(k) // int(self.gradient_accumulation_steps or 1) + 1
        beta_1 = np.asarray(self.beta_1, np.float64).astype(self.dtype).astype(np.float64)
        if not self.rule.corrects_bias:
            beta_1 = np.zeros_like(beta_1)
        power = beta_1 ** (t[..., None] if beta_1.ndim else t).astype(np.float64)
        return np.asarray(1 - power.astype(self.dtype))

    # -- one step at a time --------------------------------------------------------------------------------

    def init(self, variables: Sequence[ArrayLike], names: Sequence[str] | None = None) -> OptimizerState:
        """The state before the first step.

        Args:
            variables: arrays of any shape; with R runs, each with a leading axis R.
            names: for `exclude_from_weight_decay`; "variable", "variable_1", ... if None.

        Raises:
            ValueError: no variables, names of another number, or a leading axis that is not R.
        """
        names, shapes = names_and_shapes(variables, names, self.runs)
        plan = self.plan(self.layout(names, shapes, variables))
        return Packing(plan, self.runs).state_apart(init_state(plan, self.runs or 1), 0)

    def apply(
        self, grads: Sequence[ArrayLike | None], variables: Sequence[ArrayLike], state: OptimizerState
    ) -> tuple[Variables, OptimizerState, Record]:
        """One raw step: Keras's ``apply``, without side effects.

        Args:
            grads: like the variables; None drops a variable out of this step, with a warning.
            variables: as given to `init`.
            state: of `init` or of the step before.

        Returns:
            The new variables, the new state, and the record of every intermediate.

        Raises:
            ValueError: shapes that do not fit, or no gradient at all (Keras's message).
        """
        k = state.micro_step
        plan, lr, bias_correction = self.plan(state.layout), self.rates(k), self.bias_corrections(k)
        return apply(list(grads), variables, state, plan, lr, bias_correction, self.runs)

    def finalize(self, variables: Sequence[ArrayLike], state: OptimizerState) -> Variables:
        """Keras's ``finalize_variable_values``: the average if `use_ema`, else the variables as they are."""
        source = variables if state.ema is None else state.ema
        return [np.array(v, self.dtype) for v in source]
