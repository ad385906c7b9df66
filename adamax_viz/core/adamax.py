"""``Adamax`` and ``LossScaleOptimizer``: Keras's constructors, arguments, defaults and errors, on NumPy."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from adamax_viz.core import pipeline, schedules
from adamax_viz.core.pipeline import Layout, Plan, State, make_layout, part_of
from adamax_viz.core.rules import RULES, Rule
from adamax_viz.core.types import Array, Dtype

LearningRate = float | schedules.Schedule | Callable[[], float] | Array
Variables = list[Array]

CLIPS = {
    "clipnorm": pipeline.clip_by_norm,
    "global_clipnorm": pipeline.clip_by_global_norm,
    "clipvalue": pipeline.clip_by_value,
}
# Arguments that decide which stages run at all: a batch may differ in them only run by run.
_STRUCTURAL = ("ema_overwrite_frequency", "gradient_accumulation_steps")
_NUMBERS = ("beta_1", "beta_2", "epsilon")
_OPTIONAL_NUMBERS = ("weight_decay", "clipnorm", "clipvalue", "global_clipnorm", "loss_scale_factor")


class AdamaxState(NamedTuple):
    """Optimizer state between two raw steps; the lists are like the variables, None where a feature is off."""

    m: Variables
    u: Variables
    ema: Variables | None
    accumulated: Variables | None
    micro_step: int  # Keras's raw counter
    layout: Layout


class Record(NamedTuple):
    """Every intermediate of one raw step; the lists are like the variables, None for what did not happen."""

    is_update: bool
    lr: float | Array
    lr_t: float | Array  # bias-corrected: lr / (1 - beta_1^t)
    grad: list[Array | None]
    grad_unscaled: list[Array | None]
    grad_accumulated: list[Array | None]
    grad_clipped: list[Array | None]
    clip_factor: list[Array | None]
    m: Variables
    u: Variables
    step: list[Array | None]
    ema: Variables | None


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
        self.ema_overwrite_frequency = _batch(ema_overwrite_frequency)
        self.gradient_accumulation_steps = _batch(gradient_accumulation_steps)
        self._check(ema_momentum, clipnorm, clipvalue, global_clipnorm)
        self.learning_rate = _learning_rate(learning_rate)
        self.beta_1, self.beta_2, self.epsilon = (
            number(n, v) for n, v in zip(_NUMBERS, (beta_1, beta_2, epsilon), strict=True)
        )
        optional = (weight_decay, clipnorm, clipvalue, global_clipnorm, loss_scale_factor)
        self.weight_decay, self.clipnorm, self.clipvalue, self.global_clipnorm, self.loss_scale_factor = (
            None if v is None else number(n, v) for n, v in zip(_OPTIONAL_NUMBERS, optional, strict=True)
        )
        self.ema_momentum = number("ema_momentum", ema_momentum) if use_ema else _batch(ema_momentum)
        self._excluded_variables: list[Any] = []
        self._excluded_pattern: re.Pattern[str] | None = None
        lengths = {n: len(v) for n, v in self.arguments().items() if isinstance(v, np.ndarray)}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"Arrays of hyperparameters must have one length, a value a run. Received: {lengths}")

    def _check(self, ema_momentum: Any, clipnorm: Any, clipvalue: Any, global_clipnorm: Any) -> None:
        """What Keras checks before the learning rate, in its order and words: on the arguments as they came."""
        for steps in _each(self.gradient_accumulation_steps):
            if steps and (not steps >= 2 or not isinstance(steps, int | np.integer)):
                raise ValueError(
                    "`gradient_accumulation_steps` must be an integer >= 2. "
                    f"Received: gradient_accumulation_steps={steps}"
                )
        if self.use_ema:
            for momentum in _each(_batch(ema_momentum)):
                if momentum > 1 or momentum < 0:
                    raise ValueError(f"`ema_momentum` must be in the range [0, 1]. Received: ema_momentum={momentum}")
            for frequency in _each(self.ema_overwrite_frequency):
                if frequency and (not isinstance(frequency, int) or frequency < 1):
                    raise ValueError(
                        "`ema_overwrite_frequency` must be an integer >= 1 or None. "
                        f"Received: ema_overwrite_frequency={frequency}"
                    )
        if sum(v is not None for v in (clipnorm, clipvalue, global_clipnorm)) > 1:
            raise ValueError(
                "Only one of `clipnorm`, `clipvalue` and `global_clipnorm` can be set. "
                f"Received: clipnorm={clipnorm}, clipvalue={clipvalue}, global_clipnorm={global_clipnorm}"
            )

    # -- description ---------------------------------------------------------------------------------------

    def arguments(self) -> dict[str, Any]:
        """The constructor's arguments but for dtype, in Keras's `get_config` order."""
        return {
            "name": self.name,
            "learning_rate": self.learning_rate,
            "weight_decay": self.weight_decay,
            "clipnorm": self.clipnorm,
            "global_clipnorm": self.global_clipnorm,
            "clipvalue": self.clipvalue,
            "use_ema": self.use_ema,
            "ema_momentum": self.ema_momentum,
            "ema_overwrite_frequency": self.ema_overwrite_frequency,
            "loss_scale_factor": self.loss_scale_factor,
            "gradient_accumulation_steps": self.gradient_accumulation_steps,
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
        }

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
    def from_config(cls, config: dict[str, Any]) -> Adamax:
        """The optimizer of a config, ours or Keras's."""
        config = dict(config)
        if isinstance(config.get("learning_rate"), dict):
            config["learning_rate"] = schedules.deserialize(config["learning_rate"])
        return cls(**config)

    @property
    def adamax(self) -> Adamax:
        """Itself; of a `LossScaleOptimizer`, the optimizer inside."""
        return self

    @property
    def runs(self) -> int | None:
        """R if any argument is an array of R values, else None."""
        return next((len(v) for v in self.arguments().values() if isinstance(v, np.ndarray)), None)

    @property
    def is_uniform(self) -> bool:
        """Whether all runs go through the same stages, so that they can be computed side by side."""
        mixed = any(isinstance(getattr(self, n), np.ndarray) for n in _STRUCTURAL)
        return not mixed and all(np.all(np.asarray(v) > 0) for v in self._clip()[1:] if isinstance(v, np.ndarray))

    def single(self, run: int) -> Adamax:
        """The optimizer of one run of the batch; arrays of one value hold for every run."""
        batches = {n: v for n, v in self.arguments().items() if isinstance(v, np.ndarray)}
        picked = {n: v[run if len(v) > 1 else 0] for n, v in batches.items()}
        picked = {n: v.item() if isinstance(v, np.generic) else v for n, v in picked.items()}
        return self._like(self.arguments() | picked, self.dtype)

    def with_dtype(self, dtype: Dtype) -> Adamax:
        """The same optimizer in another precision."""
        return self._like(self.arguments(), dtype)

    def with_rule(self, rule: str | Rule) -> Adamax:
        """The same arguments with another update rule: a name of `adamax_viz.core.rules.RULES`, or a `Rule`.

        Raises:
            ValueError: an unknown name.
        """
        if isinstance(rule, str) and rule not in RULES:
            raise ValueError(f"There is no rule {rule!r}; there are {', '.join(RULES)}.")
        optimizer = self._like(self.arguments(), self.dtype)
        optimizer.rule = RULES[rule] if isinstance(rule, str) else rule
        return optimizer

    def _like(self, arguments: dict[str, Any], dtype: Dtype) -> Adamax:
        optimizer = Adamax(**arguments, dtype=dtype)
        optimizer.rule = self.rule
        optimizer._excluded_variables = self._excluded_variables
        optimizer._excluded_pattern = self._excluded_pattern
        return optimizer

    def without_loss_scale(self) -> Adamax:
        """The same optimizer without its fixed loss scale, as `LossScaleOptimizer` wants it."""
        return self._like(self.arguments() | {"loss_scale_factor": None}, self.dtype)

    def exclude_from_weight_decay(
        self, var_list: Sequence[Any] | None = None, var_names: Sequence[str] | None = None
    ) -> None:
        """Exclude variables from weight decay; call it before `init` or `run`.

        Args:
            var_list: arrays that will be given to `init`, recognised by identity.
            var_names: regular expressions; a variable whose name contains one is excluded.
        """
        self._excluded_variables = list(var_list or [])
        self._excluded_pattern = re.compile("|".join(sorted(set(var_names)))) if var_names else None

    @property
    def excludes(self) -> bool:
        """Whether some variables are excluded from weight decay."""
        return bool(self._excluded_variables) or self._excluded_pattern is not None

    # -- what the pipeline needs ---------------------------------------------------------------------------

    def layout(self, names: Sequence[str], shapes: Sequence[tuple[int, ...]], variables: Sequence[Any] = ()) -> Layout:
        """How variables of these names and shapes lie in the flat parameters, and which of them decay."""
        named = [self._excluded_pattern is not None and self._excluded_pattern.search(n) is not None for n in names]
        listed = [any(v is x for x in self._excluded_variables) for v in variables] or [False] * len(named)
        return make_layout(tuple(names), tuple(shapes), tuple(not (a or b) for a, b in zip(named, listed, strict=True)))

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
        momentum = np.asarray(self.ema_momentum, np.float64).astype(dtype)
        one_minus_momentum = np.asarray(1 - momentum)

        def momentum_of(value: Any) -> Any:
            return value[:, None] if value.ndim else float(value)

        return Plan(
            layout=layout,
            dtype=dtype,
            rule=self.rule,
            beta_1=cast(self.beta_1),
            one_minus_beta_1=cast(1 - self.beta_1),
            beta_2=cast(self.beta_2),
            epsilon=cast(self.epsilon),
            weight_decay=cast(self.weight_decay),
            clip=CLIPS[clip] if clip else None,
            clip_limit=cast(limit),
            one_over_clip_limit=cast(1.0 / limit) if clip else 0.0,
            ema_momentum=momentum_of(momentum) if self.use_ema else None,
            one_minus_ema_momentum=momentum_of(one_minus_momentum),
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
        if not self.rule.corrects_bias:
            return np.ones(
                (*np.shape(k), self.runs) if isinstance(self.beta_1, np.ndarray) else np.shape(k), self.dtype
            )
        t = np.asarray(k) // int(self.gradient_accumulation_steps or 1) + 1
        beta_1 = np.asarray(self.beta_1, np.float64).astype(self.dtype).astype(np.float64)
        power = beta_1 ** (t[..., None] if beta_1.ndim else t).astype(np.float64)
        return np.asarray(1 - power.astype(self.dtype))

    # -- one step at a time --------------------------------------------------------------------------------

    def init(self, variables: Sequence[ArrayLike], names: Sequence[str] | None = None) -> AdamaxState:
        """The state before the first step.

        Args:
            variables: arrays of any shape; with R runs, each with a leading axis R.
            names: for `exclude_from_weight_decay`; "variable", "variable_1", ... if None.

        Raises:
            ValueError: no variables, names of another number, or a leading axis that is not R.
        """
        arrays = [np.asarray(v) for v in variables]
        if not arrays:
            raise ValueError("`variables` is empty; give at least one array.")
        if names is None:
            names = ["variable" if i == 0 else f"variable_{i}" for i in range(len(arrays))]
        if len(names) != len(arrays):
            raise ValueError(f"There are {len(arrays)} variables but {len(names)} names.")
        if self.runs is not None and any(a.ndim == 0 or len(a) != self.runs for a in arrays):
            raise ValueError(
                f"The hyperparameters describe {self.runs} runs, so each variable needs a leading axis of "
                f"{self.runs}. Received shapes: {[a.shape for a in arrays]}"
            )
        shapes = [a.shape if self.runs is None else a.shape[1:] for a in arrays]
        layout = self.layout(names, shapes, variables)
        state = pipeline.init_state(self.plan(layout), self.runs or 1)
        return self._unpack_state(state, layout, 0)

    def apply(
        self, grads: Sequence[ArrayLike | None], variables: Sequence[ArrayLike], state: AdamaxState
    ) -> tuple[Variables, AdamaxState, Record]:
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
        layout, k = state.layout, state.micro_step
        grads = list(grads)
        if len(grads) != len(layout.names) or len(variables) != len(layout.names):
            raise ValueError(
                f"The state has {len(layout.names)} variables. Received {len(grads)} gradients and "
                f"{len(variables)} variables."
            )
        present = [i for i, g in enumerate(grads) if g is not None]
        if not present:
            raise ValueError("No gradients provided for any variable.")
        if len(present) < len(grads):
            missing = [layout.names[i] for i, g in enumerate(grads) if g is None]
            warnings.warn(f"Gradients do not exist for variables {missing} when minimizing the loss.", stacklevel=2)
        plan, lr, bias = self.plan(layout), self.rates(k), self.bias_corrections(k)
        lr_column, bias_column = (v[:, None] if v.ndim else float(v) for v in (lr, bias))
        theta = self._pack(variables, layout)
        packed = State(*(None if s is None else self._pack(s, layout) for s in state[:4]))  # type: ignore[arg-type]
        with np.errstate(all="ignore"):
            if len(present) == len(grads):
                flat = self._pack([g for g in grads if g is not None], layout)
                theta, packed, info = pipeline.raw_step(theta, flat, packed, plan, k, lr_column, bias_column)
            else:
                theta, packed, info = self._partial_step(grads, present, theta, packed, plan, k, lr_column, bias_column)
            lr_t = lr / bias
        parts = {n: self._unpack_some(getattr(info, n), layout, present) for n in _RECORDED}
        record = Record(
            is_update=(k + 1) % plan.accumulation_steps == 0,
            lr=lr if lr.ndim else float(lr),
            lr_t=lr_t if lr_t.ndim else float(lr_t),
            clip_factor=self._factors(info.clip_factor, layout, present),
            m=self._unpack(packed.m, layout),
            u=self._unpack(packed.u, layout),
            ema=None if packed.ema is None else self._unpack(packed.ema, layout),
            **parts,
        )
        return self._unpack(theta, layout), self._unpack_state(packed, layout, k + 1), record

    def finalize(self, variables: Sequence[ArrayLike], state: AdamaxState) -> Variables:
        """Keras's ``finalize_variable_values``: the average if `use_ema`, else the variables as they are."""
        source = variables if state.ema is None else state.ema
        return [np.array(v, self.dtype) for v in source]

    def _partial_step(
        self,
        grads: list[ArrayLike | None],
        present: list[int],
        theta: Array,
        state: State,
        plan: Plan,
        k: int,
        lr: float | Array,
        bias: float | Array,
    ) -> tuple[Array, State, pipeline.Info]:
        """A step in which some variables have no gradient: they rest, only their average moves."""
        layout = plan.layout
        columns = np.concatenate([np.arange(layout.slices[i].start, layout.slices[i].stop) for i in present])
        inner = part_of(layout, present)
        part = plan._replace(layout=inner, ema_momentum=None)
        picked = State(*(None if s is None else s[:, columns] for s in state[:4]))._replace(ema=None)  # type: ignore[arg-type]
        flat = self._pack([g for g in grads if g is not None], inner)
        moved, after, info = pipeline.raw_step(theta[:, columns], flat, picked, part, k, lr, bias)
        theta = theta.copy()
        theta[:, columns] = moved
        merged = {}
        for name in ("m", "u", "accumulated"):
            whole, piece = getattr(state, name), getattr(after, name)
            if whole is not None:
                whole = whole.copy()
                whole[:, columns] = piece
            merged[name] = whole
        theta, ema = pipeline.average(theta, state.ema, plan, k // plan.accumulation_steps)
        return theta, State(ema=ema, **merged), info

    # -- between lists of variables and flat parameters -----------------------------------------------------

    def _pack(self, arrays: Sequence[ArrayLike], layout: Layout) -> Array:
        runs = self.runs or 1
        flat = []
        for array, name, shape in zip(arrays, layout.names, layout.shapes, strict=True):
            array = np.asarray(array, self.dtype)
            expected = shape if self.runs is None else (runs, *shape)
            if array.shape != expected:
                raise ValueError(f"`{name}` has shape {expected}. Received an array of shape {array.shape}.")
            flat.append(array.reshape(runs, -1))
        return np.concatenate(flat, axis=1)

    def _unpack(self, flat: Array, layout: Layout) -> Variables:
        lead = () if self.runs is None else (self.runs,)
        pairs = zip(layout.slices, layout.shapes, strict=True)
        return [np.array(flat[:, columns]).reshape((*lead, *shape)) for columns, shape in pairs]

    def _unpack_some(self, flat: Array | None, layout: Layout, present: list[int]) -> list[Array | None]:
        """The values of the variables that took part in a step, None for the others."""
        found: list[Array | None] = [None] * len(layout.names)
        if flat is not None:
            inner = part_of(layout, present)
            for i, value in zip(present, self._unpack(flat, inner), strict=True):
                found[i] = value
        return found

    def _factors(self, factor: Array | None, layout: Layout, present: list[int]) -> list[Array | None]:
        found: list[Array | None] = [None] * len(layout.names)
        if factor is not None:
            for column, i in enumerate(present):
                found[i] = factor[:, column] if self.runs is not None else factor[0, column]
        return found

    def _unpack_state(self, state: State, layout: Layout, micro_step: int) -> AdamaxState:
        m, u, ema, accumulated = (None if s is None else self._unpack(s, layout) for s in state)
        assert m is not None
        assert u is not None
        return AdamaxState(m, u, ema, accumulated, micro_step, layout)


_RECORDED = ("grad", "grad_unscaled", "grad_accumulated", "grad_clipped", "step")


def _batch(value: Any) -> Any:
    """A list, tuple or array of values as an array; anything else as it is."""
    return np.asarray(value) if isinstance(value, list | tuple | np.ndarray) else value


def _each(value: Any) -> list[Any]:
    return value.tolist() if isinstance(value, np.ndarray) else [value]


def number(name: str, value: Any) -> Any:
    """A float, or a 1-D float64 array of R values.

    Raises:
        ValueError: anything else.
    """
    value = _batch(value)
    if isinstance(value, np.ndarray) and value.ndim == 1 and value.size and value.dtype.kind in "iuf":
        return value.astype(np.float64)
    if isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool):
        return float(value)
    raise ValueError(f"`{name}` must be a number or a 1-D array of numbers, a value a run. Received: {name}={value!r}")


def _learning_rate(value: Any) -> Any:
    if isinstance(value, schedules.Schedule) or callable(value):
        return value
    batch = _batch(value)
    if isinstance(batch, np.ndarray) and batch.ndim == 1 and batch.size and batch.dtype.kind == "f":
        return batch.astype(np.float64)
    if not isinstance(value, float):
        raise ValueError(
            "Argument `learning_rate` should be float, or an instance of LearningRateSchedule, or a callable (that "
            "takes in the current iteration value and returns the corresponding learning rate value). "
            f"Received instead: learning_rate={value}"
        )
    return float(value)
