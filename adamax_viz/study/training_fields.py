"""The controls of a training as data: the optimizer's as on a surface, and those of model and data."""

from __future__ import annotations

from typing import NamedTuple

from adamax_viz.problems.models.datasets import DATASETS, LEAST_POINTS
from adamax_viz.problems.models.networks import ACTIVATIONS, MODELS
from adamax_viz.study.fields import GROUPS, MAIN, NUMERIC, Group, Knob, is_shown, knob
from adamax_viz.study.spec import OptimizerSpec, defaults
from adamax_viz.study.training_spec import MAX_TRAINING_STEPS, OWN, TrainingSpec

MOST_POINTS_SHOWN = 1500  # more of them hide each other on the screen; a link may carry any number


def optimizer_groups() -> tuple[Group, ...]:
    """The groups that a training has too, with those of their controls that it has."""
    own = OptimizerSpec.model_fields
    cut = (group._replace(controls=tuple(c for c in group.controls if c.name in own)) for group in GROUPS)
    return tuple(group for group in cut if group.controls)


def training_knobs(settings: TrainingSpec) -> list[Knob]:
    """The knobs that do something: the main ones, and those of the features that are on."""
    values, first = settings.model_dump(), defaults(TrainingSpec)
    made = [knob(control, values[control.name])._replace(default=first[control.name]) for control in MAIN.controls]
    made = [one._replace(most=MAX_TRAINING_STEPS) if one.name == "steps" else one for one in made]
    for group in optimizer_groups():
        for control in group.controls:
            if control.kind in NUMERIC and values[control.name] is not None and is_shown(control.name, values):
                made.append(knob(control, values[control.name]))
    return made


class Range(NamedTuple):
    """A whole or real number of the data or the model: its bounds, and what it is if nobody says."""

    name: str
    label: str
    help: str
    low: float
    high: float
    step: float
    value: float


def data_ranges(settings: TrainingSpec) -> list[Range]:
    """What can be set about the data; of a user's own points only how they are split."""
    seed = Range("data_seed", "Seed of the data", "Another seed, other points.", 0, 999, 1, settings.data_seed)
    if settings.data_name() == OWN:
        return [seed._replace(label="Seed of the split", help="Which quarter of your points is held back.")]
    known = DATASETS[settings.data_name()]
    points = known.points if settings.points is None else settings.points
    noise = known.noise if settings.data_noise is None else settings.data_noise
    return [
        Range("points", "Points", "A quarter of them is held back.", LEAST_POINTS, MOST_POINTS_SHOWN, 1, points),
        Range("data_noise", "Noise", known.noise_help, 0.0, known.most_noise, 0.01, noise),
        seed,
    ]


def model_ranges(settings: TrainingSpec) -> list[Range]:
    """What can be set about the batches and the first weights."""
    model = MODELS[settings.model]
    batch = (model.batch_size or 0) if settings.batch_size is None else settings.batch_size
    return [
        Range("batch_size", "Batch size", "Points that one gradient sees; 0 takes all of them.", 0, 256, 1, batch),
        Range("seed", "Seed of weights and batches", "Other first weights, other shuffling.", 0, 999, 1, settings.seed),
    ]


def activations(settings: TrainingSpec) -> tuple[str, ...]:
    """The activations to choose from; none if the model has no choice."""
    return ACTIVATIONS if MODELS[settings.model].activation else ()
