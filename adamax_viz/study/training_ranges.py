"""What can be set about data and model of a training: ranges that depend on which data and which model they are."""

from typing import NamedTuple

from adamax_viz.problems.models.datasets import DATASETS, LEAST_POINTS
from adamax_viz.problems.models.networks import ACTIVATIONS, MODELS
from adamax_viz.study.fields import settings_of
from adamax_viz.study.training_spec import OWN, TrainingSpec

MOST_POINTS_SHOWN = 1500  # more of them hide each other on the screen; a link may carry any number
TABLE = settings_of(TrainingSpec)


class Range(NamedTuple):
    """A whole or real number of the data or the model: its bounds, and what it is if nobody says."""

    name: str
    label: str
    help: str
    low: float
    high: float
    step: float
    value: float


def data_ranges(spec: TrainingSpec) -> list[Range]:
    """What can be set about the data; of a user's own points only how they are split."""
    seed = _range("data_seed", 0, 999, 1, spec.data_seed)
    if spec.data_name() == OWN:
        return [seed._replace(label="Seed of the split", help="Which quarter of your points is held back.")]
    known = DATASETS[spec.data_name()]
    points = known.points if spec.points is None else spec.points
    noise = known.noise if spec.data_noise is None else spec.data_noise
    return [
        _range("points", LEAST_POINTS, MOST_POINTS_SHOWN, 1, points),
        _range("data_noise", 0.0, known.most_noise, 0.01, noise)._replace(help=known.noise_help),
        seed,
    ]


def model_ranges(spec: TrainingSpec) -> list[Range]:
    """What can be set about the batches and the first weights."""
    batch = (MODELS[spec.model].batch_size or 0) if spec.batch_size is None else spec.batch_size
    return [_range("batch_size", 0, 256, 1, batch), _range("seed", 0, 999, 1, spec.seed)]


def _range(name: str, low: float, high: float, step: float, value: float) -> Range:
    return Range(name, TABLE[name].label, TABLE[name].help, low, high, step, value)


def activations(spec: TrainingSpec) -> tuple[str, ...]:
    """The activations to choose from; none if the model has no choice."""
    return ACTIVATIONS if MODELS[spec.model].activation else ()
