"""What a run is: named arrays, a status for each run, and the shapes they share."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.rules import is_p_norm
from adamax_viz.core.types import Keep

GRADIENTS = ("grad", "grad_unscaled", "grad_accumulated", "grad_clipped")
STEP_FIELDS = ("micro_step", "update", "is_update")


@dataclass(frozen=True)
class Status:
    """How a run ended; `str()` is a sentence."""

    kind: Literal["finished", "diverged", "converged"]
    step: int  # the last micro-step that counts; for "finished", the number of steps
    quantity: str = ""  # what was not finite first

    def __str__(self) -> str:
        return {
            "finished": f"finished after {self.step} steps",
            "diverged": f"diverged at step {self.step}: {self.quantity} is not finite",
            "converged": f"converged at step {self.step}: the gradient is within the tolerance",
        }[self.kind]


@dataclass(frozen=True, eq=False)
class Trajectory:
    """R runs of T micro-steps over D parameters in V variables. ``run["m"]`` finds any array.

    Always: `theta (R, T+1, D)` and `loss (R, T+1)`, before each micro-step and after the last; with ``keep="final"``
    the last of them alone, ``(R, 1, D)`` and ``(R, 1)``. `status` is a list of R `Status`, `stopped_at (R,)` the last
    micro-step that counts, or T. A run that stopped keeps its last finite weights from there on.

    With ``keep="all"``, per micro-step: `grad` (as handed to ``apply``: scaled if there is a loss scale),
    `grad_unscaled`, `grad_accumulated` (mean over the window so far), `grad_clipped` (NaN on micro-steps without an
    update), the rule's `moments` by their own names (`m` and `u`; of Adam `m` and `v`, and no `u`), `step` (what the
    rule adds to the weights, without weight decay), `ema` (NaN when off), all ``(R, T, D)``; `clip_factor (R, T, V)`;
    `lr`, `lr_t (R, T)`; under a dynamic loss scale `loss_scale (R, T)`. Rows after a stop are NaN. Where u is a
    maximum, not a p-norm, `u_branch (R, T, D)` is true where ``|g|`` won it (plus epsilon, if that is `inside`), false
    where ``beta_2 u`` did.

    `micro_step`, `update` (0-based, Keras's ``iterations``) and `is_update` are ``(T,)``; ``(R, T)`` where the runs
    of a batch differ in them (another accumulation, or a dynamic loss scale that skips steps).

    A long run over many parameters may be recorded only at `every` so many micro-steps; then T counts those, and
    `micro_step` says which they are. `theta` and `loss` are before each of them, and at the end; the weights after
    each of them are `theta_next (R, T, D)` (where nothing is left out that is ``theta[:, 1:]``).

    Runs of different kinds in one batch may have different arrays. What a run lacks (`absent`) is NaN there, and gone
    once the run is taken out by `only`.
    """

    coordinates: tuple[str, ...]
    variables: dict[str, slice]
    keep: Keep
    status: list[Status]
    arrays: dict[str, NDArray[Any]]
    every: int = 1  # micro-steps between two recorded ones
    moments: tuple[str, ...] = ("m", "u")  # what the rule keeps, by name
    rules: tuple[str, ...] = ()  # the name of each run's rule; none is "adamax" throughout
    absent: Mapping[str, frozenset[int]] = field(default_factory=dict)  # array -> the runs that have none
    inside: tuple[float, ...] = ()  # the epsilon that each run's rule has inside its max; none if no rule has

    def __getitem__(self, name: str) -> NDArray[Any]:
        if name == "stopped_at":
            return np.array([s.step for s in self.status])
        if name == "u_branch" and name in self:
            inside = np.array(self.inside or 0.0, self["u"].dtype).reshape(-1, 1, 1)
            return np.asarray(np.abs(self["grad_clipped"]) + inside == self["u"])
        if name == "theta_next" and name not in self.arrays:
            return self["theta"][:, 1:]
        if name not in self.arrays:
            known = ", ".join([*self.arrays, "stopped_at"])
            hint = "" if self.keep == "all" else f" This run kept {self.keep!r} only; keep='all' records everything."
            raise KeyError(f"No array {name!r}; there are {known}.{hint}")
        return self.arrays[name]

    def __contains__(self, name: str) -> bool:
        if name == "u_branch":
            return "u" in self.arrays and not any(is_p_norm(rule) for rule in self.rules)
        return name in self.arrays

    @property
    def parameter_fields(self) -> tuple[str, ...]:
        """The arrays of each micro-step ``(R, T, D)``, in the pipeline's order."""
        return (*GRADIENTS, *self.moments, "step", "ema")

    @property
    def running_norm(self) -> NDArray[Any] | None:
        """What m is divided by, but for epsilon: how large gradients are of late, on their own scale ``(R, T, D)``.

        u, or the root of Adam's v; None under a rule that has neither.
        """
        if "v" in self.moments:
            return np.asarray(np.sqrt(self["v"]))
        return self["u"] if "u" in self.moments else None

    @property
    def runs(self) -> int:
        """R."""
        return len(self.status)

    @property
    def steps(self) -> int:
        """T."""
        return int(self.arrays["micro_step"].shape[-1])

    @property
    def rows(self) -> int:
        """Micro-steps that happened in a single run: all, or up to its stop."""
        status = self.status[0]
        if status.kind == "finished":
            return self.steps
        return int(np.searchsorted(self["micro_step"], status.step, side="right"))

    def happened(self) -> Self:
        """A single run without the empty rows after its stop."""
        rows = self.rows
        path = {name: self.arrays[name][:, : rows + 1] for name in ("theta", "loss")}
        return replace(self, arrays=self.at_steps(slice(rows)) | path)

    def at_steps(self, rows: slice | NDArray[np.intp]) -> dict[str, NDArray[Any]]:
        """The arrays of a single run at these of its recorded steps; `theta` and `loss` as they are before each."""
        return {name: array[rows] if array.ndim == 1 else array[:, rows] for name, array in self.arrays.items()}

    def only(self, run: int) -> "Trajectory":
        """One run of the batch, still with its leading axis (R = 1), and with the arrays that it has."""
        absent = {name for name, runs in self.absent.items() if run in runs}

        def pick(name: str, array: NDArray[Any]) -> NDArray[Any]:
            if name not in STEP_FIELDS:
                return array[run : run + 1]
            return array[run] if array.ndim == 2 else array

        return replace(
            self,
            status=[self.status[run]],
            arrays={name: pick(name, array) for name, array in self.arrays.items() if name not in absent},
            moments=tuple(name for name in self.moments if name not in absent),
            rules=self.rules[run : run + 1],
            absent={},
            inside=self.inside[run : run + 1],
        )


def held_bytes(values: Iterable[Any]) -> int:
    """Bytes of memory that the arrays among these values keep: all that an array is a view of, and each piece once."""
    owners = [_owner(value) for value in values if isinstance(value, np.ndarray)]
    return sum({id(owner): owner.nbytes for owner in owners}.values())


def _owner(array: NDArray[Any]) -> NDArray[Any]:
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def stack(parts: Sequence[Trajectory]) -> Trajectory:
    """Single runs side by side as one batch; an array that only some of them have is NaN in the others."""
    arrays = {}
    for name in dict.fromkeys(name for part in parts for name in part.arrays):
        model = next(part.arrays[name] for part in parts if name in part.arrays)
        pieces = [part.arrays[name] if name in part.arrays else np.full_like(model, np.nan) for part in parts]
        if name not in STEP_FIELDS:
            arrays[name] = np.concatenate(pieces)
        else:
            differ = any(not np.array_equal(pieces[0], piece) for piece in pieces)
            arrays[name] = np.stack(pieces) if differ else pieces[0]
    moments = tuple(dict.fromkeys(name for part in parts for name in part.moments))
    absent = {
        name: frozenset(r for r, part in enumerate(parts) if name not in (*part.arrays, *part.moments))
        for name in dict.fromkeys([*arrays, *moments])
    }
    return replace(
        parts[0],
        status=[s for part in parts for s in part.status],
        arrays=arrays,
        moments=moments,
        rules=tuple(rule for part in parts for rule in part.rules or ("adamax",)),
        absent={name: runs for name, runs in absent.items() if runs},
        inside=tuple(epsilon for part in parts for epsilon in part.inside or (0.0,) * part.runs),
    )
