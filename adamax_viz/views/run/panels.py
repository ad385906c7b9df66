"""The charts of one run or of several as plain lines: one table says which there are, what they show, and when."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from adamax_viz.core.rules import find_rule
from adamax_viz.core.trajectory import Trajectory
from adamax_viz.views.run.ledger import skipped


class Line(NamedTuple):
    """One line of a chart: which quantity (that is its colour), which coordinate (its dash), and the values."""

    quantity: str
    coordinate: str  # "x", "y", or "" for what belongs to neither
    label: str
    array: str  # name of the values' array: of the run, or of `DERIVED`
    column: int
    values: NDArray[Any]
    run: int = 0  # place among the runs


Drawn = TypeVar("Drawn")


class Panel(NamedTuple, Generic[Drawn]):
    """One chart over the micro-steps: of runs with a `Line` for each of them, of a training with its series."""

    key: str
    title: str
    help: str
    logarithmic: bool
    lines: tuple[Drawn, ...]
    limits: tuple[float, float] | None = None  # the numbers that half precision can hold


CLIP_ROUNDING = 1e-6  # a global clip that does nothing multiplies by c (1/c), which may be a hair beside 1
HALF_SMALLEST, HALF_LARGEST = float(np.finfo(np.float16).smallest_subnormal), float(np.finfo(np.float16).max)
DEFAULT_PANELS = ("loss", "gradient", "m", "u", "rate", "step", "ema", "bucket")


# -- what a run does -------------------------------------------------------------------------------------------


def is_clipped(run: Trajectory) -> bool:
    """Whether the clip changed any gradient of the run, beyond rounding."""
    factor = run["clip_factor"]
    return bool(np.any(np.abs(factor[np.isfinite(factor)] - 1) > CLIP_ROUNDING))


def _averages(run: Trajectory) -> bool:
    return not np.isnan(run["ema"]).all()


def _accumulates(run: Trajectory) -> bool:
    return bool(np.any(~run["is_update"] & ~skipped(run)))


def _scales(run: Trajectory) -> bool:
    return "loss_scale" in run


def _waits(run: Trajectory) -> bool:
    """Whether weights rest on some micro-steps, though no loss scale makes them."""
    return not run["is_update"].all() and not _scales(run)


# -- what no run records ---------------------------------------------------------------------------------------


def turn(run: Trajectory) -> NDArray[Any]:
    """Degrees between each update's gradient before and after clipping, ``(T,)``; NaN where there is no update."""
    before, after = run["grad_accumulated"][0], run["grad_clipped"][0]
    cross = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    return np.asarray(np.degrees(np.abs(np.arctan2(cross, (before * after).sum(axis=1)))))


def _difference(run: Trajectory, first: Trajectory) -> NDArray[Any]:
    theta, other = run["theta"][0], first["theta"][0]
    points = min(len(theta), len(other))
    difference = np.full(theta.shape, np.nan)
    difference[:points] = theta[:points] - other[:points]
    return difference


# Of a run and of the first beside it; T is the run's own number of steps.
DERIVED: dict[str, Callable[[Trajectory, Trajectory], NDArray[Any]]] = {
    "ratio": lambda run, _: np.abs(run["step"][0]) / np.abs(run["lr"][0])[:, None],  # (T, D)
    "root_v": lambda run, _: np.sqrt(run["v"][0]),  # (T, D): what Adam divides by, on the scale of gradients
    "ema_distance": lambda run, _: np.linalg.norm(run["ema"][0] - run["theta_next"][0], axis=1),  # (T,)
    "turn": lambda run, _: turn(run),  # (T,)
    "updates": lambda run, _: np.cumsum(run["is_update"]).astype(np.float64),  # (T,)
    "scaled": lambda run, _: np.abs(run["grad"][0]),  # (T, D)
    "difference": _difference,  # (T+1, D), NaN where one of the two has stopped
}


def derived(name: str, run: Trajectory, first: Trajectory) -> NDArray[Any]:
    """An array of `DERIVED`; rates of zero and infinite gradients are nobody's fault."""
    with np.errstate(all="ignore"):
        return DERIVED[name](run, first)


def _values(name: str, run: Trajectory, first: Trajectory) -> NDArray[Any]:
    if name in DERIVED:
        return derived(name, run, first)
    if name == "scale":  # recorded where it moves; of one that stays only its optimizer knows
        return np.asarray(run["loss_scale"][0] if _scales(run) else np.full(run.steps, np.nan))
    values = run[name]
    return np.asarray(values[0] if values.ndim > 1 else values)


# -- the table -------------------------------------------------------------------------------------------------


class Trace(NamedTuple):
    """An array that a chart draws: the quantity whose colour it has, its name, and how it is called."""

    quantity: str
    array: str
    symbol: str


class Chart(NamedTuple):
    """A chart that there may be: what it shows of a run, and whether it says anything of one."""

    key: str
    title: str
    help: str
    shows: Callable[[Trajectory], Sequence[Trace]]
    says: Callable[[Trajectory], bool] = lambda _: True
    alone: bool = True  # whether one run alone has it
    logarithmic: bool | None = False  # None: where all values are positive
    limits: tuple[float, float] | None = None


def _gradients(run: Trajectory) -> Sequence[Trace]:
    """All gradients before the clip are g; of several runs, each shows the last of these."""
    unscaled = Trace("grad", "grad_unscaled", "g")
    return [unscaled, Trace("grad_clipped", "grad_clipped", "ĝ")] if is_clipped(run) else [unscaled]


def _norm(run: Trajectory) -> Sequence[Trace]:
    if run.running_norm is None:
        return []
    return [Trace("u", "root_v", "√v") if "v" in run.moments else Trace("u", "u", "u")]


def _average(run: Trajectory) -> Sequence[Trace]:
    return [Trace("ema", "ema", "θ̄") if _averages(run) else Trace("theta", "theta", "θ")]


CHARTS: tuple[Chart, ...] = (
    Chart(
        "loss",
        "Loss f",
        "The height of the surface at the weights.",
        lambda _: [Trace("loss", "loss", "f")],
        logarithmic=None,
    ),
    Chart("weights", "Weights θ", "Where the path is.", lambda _: [Trace("theta", "theta", "θ")], alone=False),
    Chart(
        "average",
        "Average θ̄",
        "Where the average is; the weights themselves where there is none.",
        _average,
        alone=False,
    ),
    Chart("gradient", "Gradient g", "What the surface says, and ĝ, what clipping lets through.", _gradients),
    Chart(
        "turn",
        "Turn of ĝ, degrees",
        "The angle between the gradient before and after clipping.",
        lambda _: [Trace("grad_clipped", "turn", "°")],
        is_clipped,
        alone=False,
    ),
    Chart(
        "scaled",
        "Scaled |g|",
        "The gradient as half precision holds it: ▼ became zero, ▲ became infinite.",
        lambda _: [Trace("grad", "scaled", "|g|")],
        alone=False,
        logarithmic=True,
        limits=(HALF_SMALLEST, HALF_LARGEST),
    ),
    Chart(
        "scale",
        "Loss scale",
        "What the loss is multiplied by; a cross is a step that was skipped.",
        lambda _: [Trace("grad", "scale", "scale")],
        _scales,
        alone=False,
        logarithmic=True,
    ),
    Chart(
        "updates",
        "Updates so far",
        "How many steps the weights have taken.",
        lambda _: [Trace("step", "updates", "updates")],
        _waits,
        alone=False,
    ),
    Chart("m", "First moment m", "The running mean of the gradients.", lambda _: [Trace("m", "m", "m")]),
    Chart(
        "u",
        "Infinity norm u",
        "The largest gradient of late; dots: the gradient won the max, else β₂u fades.",
        _norm,
    ),
    Chart(
        "rate",
        "Rates α, α_t",
        "The learning rate, and what bias correction makes of it: large at first, then α itself.",
        lambda _: [Trace("lr", "lr", "α"), Trace("lr_t", "lr_t", "α_t")],
        logarithmic=None,
    ),
    Chart("step", "Step Δ", "How far each coordinate moves.", lambda _: [Trace("step", "step", "Δ")]),
    Chart(
        "ratio",
        "|Δ| / α",
        "The step as a part of the learning rate: near 1 when gradients agree, small when they don't.",
        lambda _: [Trace("step", "ratio", "|Δ|/α")],
    ),
    Chart(
        "ema",
        "|θ̄ − θ|",
        "How far the average θ̄ is from the weights.",
        lambda run: [Trace("ema", "ema_distance", "|θ̄ − θ|")] if _averages(run) else [],
    ),
    Chart(
        "bucket",
        "Bucket ḡ",
        "The mean of the window so far; at its end it is the gradient of the update.",
        lambda _: [Trace("grad", "grad_accumulated", "ḡ")],
        _accumulates,
    ),
    Chart(
        "difference",
        "Difference from A",
        "How far each path is from that of the first variant at the same step.",
        lambda _: [Trace("theta", "difference", "θ − θ_A")],
        alone=False,
    ),
)
NORM = ("Norm of gradients", "How large they are of late: u, a decaying p-norm of them, or √v of Adam.")
ADAM = ("√v", "The root of a running mean of squared gradients: how large they are of late.")
KEYS = tuple(chart.key for chart in CHARTS)
KEYS_ALONE = tuple(chart.key for chart in CHARTS if chart.alone)  # of the charts that one run alone may have


def choices(runs: Sequence[Trajectory], several: bool) -> list[Chart]:
    """The charts that say something about these runs, shown as several or one run alone."""
    possible = [chart for chart in CHARTS if several or chart.alone]
    charts = [chart for chart in possible if any(chart.says(run) and chart.shows(run) for run in runs)]
    if all("u_branch" in run for run in runs):
        return charts
    title, help_line = ADAM if all("v" in run.moments for run in runs) else NORM
    rules = {rule for run in runs for rule in run.rules}
    if len(rules) == 1 and (p := find_rule(*rules).p) is not None:
        title = f"u for p = {p:g}"
    return [chart._replace(title=title, help=help_line) if chart.key == "u" else chart for chart in charts]


def panels(
    runs: Sequence[Trajectory], wanted: Collection[str] | None = None, *, several: bool | None = None
) -> list[Panel[Line]]:
    """The charts of these runs, each ``R = 1`` without the empty rows after a stop, in the table's order.

    Args:
        runs: one, or several that are shown together.
        wanted: keys of the charts; all that say something if None.
        several: whether they are shown as several; more than one always are.
    """
    several = len(runs) > 1 if several is None else several
    return [panel(chart, runs, several) for chart in choices(runs, several) if wanted is None or chart.key in wanted]


def panel(chart: Chart, runs: Sequence[Trajectory], several: bool = False) -> Panel[Line]:
    """One chart of these runs."""
    lines = tuple(line for i, run in enumerate(runs) for line in _lines(chart, i, run, runs[0], several))
    logarithmic = all_positive(lines) if chart.logarithmic is None else chart.logarithmic
    return Panel(chart.key, chart.title, chart.help, logarithmic, lines, chart.limits)


def _lines(chart: Chart, i: int, run: Trajectory, first: Trajectory, several: bool) -> list[Line]:
    if chart.key == "difference" and i == 0:
        return []
    traces = chart.shows(run)
    if several and chart.key == "gradient":
        traces = traces[-1:]
    lines = []
    for quantity, array, symbol in traces:
        values = _values(array, run, first)
        if values.ndim == 1:
            lines.append(Line(quantity, "", symbol, array, 0, values, i))
            continue
        labels = [symbol if several else f"{symbol} {c}" for c in run.coordinates]
        lines += [Line(quantity, c, labels[d], array, d, values[:, d], i) for d, c in enumerate(run.coordinates)]
    return lines


def all_positive(lines: Iterable[Any]) -> bool:
    """Whether a logarithmic axis can show them; what is not finite does not count."""
    values = np.concatenate([line.values for line in lines])
    values = values[np.isfinite(values)]
    return bool(values.size > 0 and values.min() > 0)
