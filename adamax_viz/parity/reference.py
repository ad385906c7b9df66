"""The reference: every argument with symbol, formula and sentence; Adamax as the neighbours have it.

Defaults are read from the signatures, facts from `adamax_viz.parity.facts`.
"""

from __future__ import annotations

import inspect
from typing import Any, NamedTuple

import numpy as np

from adamax_viz.core.engine import run
from adamax_viz.core.loss_scale import LossScaleOptimizer
from adamax_viz.core.optimizer import Adamax
from adamax_viz.parity.facts import FACTS, Fact
from adamax_viz.study.spec import RunSpec

NO_DEFAULT = inspect.Parameter.empty


class Argument(NamedTuple):
    """One argument. Formulas carry the macros of `adamax_viz.views.notation`."""

    name: str
    symbol: str  # LaTeX
    formula: str  # LaTeX
    sentence: str
    effect: str = ""  # the scene of `adamax_viz.study.named.effects` that shows it
    owner: type[Any] | None = Adamax  # whose argument it is

    @property
    def default(self) -> Any:
        """From the constructor's signature; `NO_DEFAULT` if there is none."""
        if self.owner is None:
            return NO_DEFAULT
        return inspect.signature(self.owner.__init__).parameters[self.name].default

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What Keras does with it at the extremes."""
        return tuple(fact for fact in FACTS if fact.argument == self.name)


ARGUMENTS: tuple[Argument, ...] = (
    Argument(
        "learning_rate",
        r"\alpha",
        r"\theta_t = \theta_{t-1} - \frac{\alpha}{1-\beta_1^t}\,\frac{\m_t}{\u_t + \varepsilon}",
        "How long a step is: each weight moves by about α while its gradients agree.",
        "schedules",
    ),
    Argument(
        "beta_1",
        r"\beta_1",
        r"\m_t = \m_{t-1} + (\gc_t - \m_{t-1})(1-\beta_1)",
        "How long the first moment m remembers gradients.",
        "beta_1",
    ),
    Argument(
        "beta_2",
        r"\beta_2",
        r"\u_t = \max(\beta_2\,\u_{t-1},\ |\gc_t|)",
        "How slowly the infinity norm u forgets its largest gradient.",
        "beta_2",
    ),
    Argument(
        "epsilon",
        r"\varepsilon",
        r"\Delta_t = -\frac{\alpha}{1-\beta_1^t}\,\frac{\m_t}{\u_t + \varepsilon}",
        "Added to u before dividing; it shortens the steps where gradients are as small as itself.",
        "epsilon",
    ),
    Argument(
        "weight_decay",
        r"\lambda",
        r"\theta \leftarrow \theta - \theta\,\lambda\,\alpha_k \quad\text{before the update}",
        "Pulls the weights towards zero at every update, by its own road: not through the gradient.",
        "weight_decay",
    ),
    Argument(
        "clipnorm",
        r"c",
        r"\gc = \g\,\frac{c}{\max(\lVert\g\rVert,\ c)} \quad\text{each variable by its own norm}",
        "Shortens the gradient of each variable to this norm and keeps its direction.",
        "clipping",
    ),
    Argument(
        "clipvalue",
        r"c",
        r"\gc_i = \min(\max(\g_i,\ -c),\ c)",
        "Cuts every entry on both sides, which bends the direction.",
        "clipping",
    ),
    Argument(
        "global_clipnorm",
        r"c",
        r"\gc = \g\;c\,\min\Bigl(\frac{1}{n},\ \frac{1}{c}\Bigr), \quad n = \sqrt{\textstyle\sum\lVert\g\rVert^2}",
        "Shortens all variables together to this norm: their gradients keep their proportions.",
        "clipping",
    ),
    Argument(
        "use_ema",
        r"\avg",
        r"\avg_k = \mu\,\avg_{k-1} + (1-\mu)\,\theta_k",
        "Keeps a moving average of the weights beside the path.",
        "ema",
    ),
    Argument(
        "ema_momentum",
        r"\mu",
        r"\avg_k = \begin{cases}\theta_k & \text{in the first window}\\ "
        r"\mu\,\avg_{k-1} + (1-\mu)\,\theta_k & \text{on every call after it}\end{cases}",
        "How slowly that average follows.",
        "ema",
    ),
    Argument(
        "ema_overwrite_frequency",
        r"f",
        r"\theta \leftarrow \avg \quad\text{when } (\mathit{it}+1) \bmod f = 0",
        "Puts the average into the weights every so many updates.",
        "ema_overwrite",
    ),
    Argument(
        "loss_scale_factor",
        r"s",
        r"\g = \frac{\partial(s f)/\partial\theta}{s}",
        "The loss is multiplied by it and the gradient divided again, so that half precision loses less.",
        "loss_scale",
    ),
    Argument(
        "gradient_accumulation_steps",
        r"N",
        r"\bar{\g} = \frac{1}{N}\sum_{j=1}^{N}\g_{k-N+j} \quad\text{one update for N calls}",
        "Collects so many gradients and makes one step with their mean.",
        "accumulation",
    ),
    Argument("name", "", "", "What the optimizer is called in logs and saved files; it changes no number."),
    Argument(
        "initial_scale",
        r"s_0",
        r"s \leftarrow \tfrac{1}{2}s \quad\text{on an overflow, which skips the step}",
        "Where LossScaleOptimizer begins its search for the loss scale.",
        "dynamic_loss_scale",
        LossScaleOptimizer,
    ),
    Argument(
        "dynamic_growth_steps",
        r"n_s",
        r"s \leftarrow 2s \quad\text{after } n_s \text{ good steps in a row}",
        "How many good steps LossScaleOptimizer waits before it doubles the scale.",
        "dynamic_loss_scale",
        LossScaleOptimizer,
    ),
    Argument(
        "gradients",
        r"\g",
        r"\g_t = \nabla f(\theta_{t-1})",
        "Not an argument of the constructor, but what apply is given: the rest follows from it.",
        "outlier",
        None,
    ),
)


def matching(words: str) -> tuple[Argument, ...]:
    """The arguments whose name, sentence or facts contain every word."""
    wanted = words.lower().split()

    def text(argument: Argument) -> str:
        return " ".join([argument.name, argument.sentence, *(fact.claim for fact in argument.facts)]).lower()

    return tuple(argument for argument in ARGUMENTS if all(word in text(argument) for word in wanted))


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
