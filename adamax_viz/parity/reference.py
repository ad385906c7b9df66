"""The reference: every argument of the constructors with its entry and facts; Adamax as the neighbours have it."""

import inspect
from typing import Any, NamedTuple

import numpy as np

from adamax_viz.core.engine import run
from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.optimizer import Adamax
from adamax_viz.parity.facts import FACTS, Fact
from adamax_viz.study.fields import Setting, settings_of
from adamax_viz.study.optimizer_spec import OptimizerSpec
from adamax_viz.study.spec import RunSpec

_PARAMETERS = inspect.signature(Adamax).parameters | inspect.signature(LossScaleOptimizer).parameters
DEFAULTS: dict[str, Any] = {name: parameter.default for name, parameter in _PARAMETERS.items()}
_WITHOUT_SETTING = (
    Setting("name", None, "", reference="What the optimizer is called in logs and saved files; it changes no number."),
    Setting(
        "gradients",
        None,
        "",
        reference="Not an argument of the constructor, but what apply is given: the rest follows from it.",
        symbol=r"\g",
        formula=r"\g_t = \nabla f(\theta_{t-1})",
        effect="outlier",
    ),
)
_ENTRIES = settings_of(OptimizerSpec) | {entry.name: entry for entry in _WITHOUT_SETTING}
ARGUMENTS = tuple(_ENTRIES[name] for name in (*DEFAULTS, "gradients") if name in _ENTRIES)


def facts_of(argument: str) -> list[Fact]:
    """What Keras does with it at the extremes."""
    return [fact for fact in FACTS if fact.argument == argument]


def matching(words: str) -> tuple[Setting, ...]:
    """The arguments whose name, sentence or facts contain every word."""

    def text(argument: Setting) -> str:
        claims = (fact.claim for fact in facts_of(argument.name))
        return " ".join((argument.name, argument.reference, *claims)).lower()

    return tuple(entry for entry in ARGUMENTS if all(word in text(entry) for word in words.lower().split()))


class Neighbour(NamedTuple):
    """Adamax as somebody else has it; formulas are LaTeX with our macros."""

    name: str
    u: str
    step: str
    defaults: str
    weight_decay: str
    zero_gradient: str  # what a first gradient of zero does
    accumulation: str  # what its schedule counts under accumulation


def next_door() -> float:
    """How far torch's rule, with Keras's arguments, takes the default run away from Keras's path at most."""
    settings = RunSpec()
    ours, torchs = (
        run(settings.problem(), settings.optimizer().adamax.with_rule(rule), settings.start_point(), settings.steps)
        for rule in ("adamax", "torch_adamax")
    )
    return float(np.abs(ours["theta"] - torchs["theta"]).max())


NEIGHBOURS: tuple[Neighbour, ...] = (
    Neighbour(
        "Keras",
        r"$\max(\beta_2\u, |\g|)$",
        r"$\frac{\alpha}{1-\beta_1^t}\frac{\m}{\u+\varepsilon}$",
        "α = 0.001, ε = 1e-7",
        "decoupled, times the scheduled rate",
        "no move",
        "calls of apply",
    ),
    Neighbour(
        "The paper, Algorithm 2",
        r"$\max(\beta_2\u, |\g|)$",
        r"$\frac{\alpha}{1-\beta_1^t}\frac{\m}{\u}$",
        "α = 0.002, no ε",
        "none",
        "0 divided by 0",
        "–",
    ),
    Neighbour(
        "torch.optim.Adamax",
        r"$\max(\beta_2\u, |\g|+\varepsilon)$",
        r"$\frac{\alpha}{1-\beta_1^t}\frac{\m}{\u}$",
        "α = 0.002, ε = 1e-8",
        "L2 inside the gradient",
        "no move",
        "–",
    ),
    Neighbour(
        "optax.adamax, adamaxw",
        r"$\max(\beta_2\u, |\g|+\varepsilon)$",
        r"$\frac{\alpha}{1-\beta_1^t}\frac{\m}{\u}$",
        "no α, ε = 1e-8",
        "adamaxw: decoupled, 1e-4",
        "no move",
        "MultiSteps: updates",
    ),
)
