"""Texts for the settings of a link: what they take, what is at the edge, what is wrong, what means harm."""

from random import Random
from typing import Any

from adamax_viz.problems.models.datasets import DATASETS
from adamax_viz.problems.models.networks import MODELS
from adamax_viz.problems.surfaces.catalogue import CATALOGUE
from adamax_viz.study.fields import Setting, settings_of
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.training_spec import OWN, TrainingSpec
from adamax_viz.study.wrong_values import text_of
from tests.fuzz import formulas
from tests.fuzz.kind import often

_EDGE = (
    "0 -0.0 1 -1 1e308 -1e308 1e-308 5e-324 1e400 -1e400 2147483647 2147483648 -2147483649 9223372036854775807 "
    "9223372036854775808 18446744073709551615 18446744073709551616 1e19 1e30 99999999999999999999999999999999 "
    "0.9999999999999999 1.0000000000000002 100001 50001 4294967296 65536 1e-7 1e7"
)
EDGE = tuple(_EDGE.split())
WRONG = (
    *(
        "",
        " ",
        "none",
        "None",
        "null",
        "nan",
        "NaN",
        "-inf",
        "inf",
        "true",
        "false",
        "True",
        "yes",
        "1_000",
        " 1",
        "1 ",
    ),
    *(
        "1e",
        "e",
        "0x10",
        "1,2",
        ",",
        ",,,",
        "1,",
        "1,2,3,4,5",
        "٣",
        "²",
        "½",
        "１",
        "[]",
        "{}",
        "[1]",
        '"1"',
        "1.5",
        "...",
    ),
    *("-", "+", "--1", "1e1e1", "1" * 400, "9" * 5000, "0." + "3" * 3000, "1," * 2000 + "1", "a" * 60, "a" * 3000),
)
HARM = (
    "[a](http://localhost/x)",
    "![a](http://localhost/x.png)",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "](javascript:alert(1))",
    ":material/home: :red[a] $x$ `a` **b**",
    "$$\\frac{1}{0}$$",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(1)",
    "../../../../etc/passwd",
    "..\\..\\x",
    "\0",
    "a\0b",
    "\r\nSet-Cookie: a=b",
    "\u202ea",
    "\ud800",
    "🙂" * 20,
    "{0} {x} %s %(a)s ${a}",
    "'; drop table x; --",
    "__import__('os').system('x')",
    "{'a': 1}",
    '{"a": [1, {"b": null}]}',
    "</title><base href=//x>",
    "\ufeff",
    "\u2028",
)
TABLES: dict[str, dict[str, Setting]] = {"run": settings_of(RunSpec), "training": settings_of(TrainingSpec)}
NAMES_OF = {
    "surface": (*CATALOGUE, "custom", "custom"),
    "model": tuple(MODELS),
    "dataset": (*DATASETS, OWN),
    "rule": ("adamax", "adam", "torch_adamax", "adamax_uncorrected", "p=4", "p=2.5", "p=1e300", "p=inf", "p=nan", "p="),
    "activation": ("tanh", "relu", "sigmoid", "silu"),
    "noise_envelope": ("1", "exp(-t/10)", "sin(t)", "1/t", "t", "x", "exp(exp(t))", "(t-1)^0.5", "log(t-5)"),
    "widths": ("4", "16,16", "3,3,3", "1,1,1,1", "0", "1000", "100000", "64,64", ",".join(["8"] * 50)),
}


def value(chance: Random, table: str, name: str, wrongs: float = 0.3) -> str:
    """A text for a setting; so many of them are no value of it."""
    kind = valid if chance.random() > wrongs else often(chance, (2, edge), (2, wrong), (1, harm))
    return kind(chance, TABLES[table][name])


def valid(chance: Random, entry: Setting) -> str:
    """What the screen could have written, mostly."""
    if entry.name == "formula":
        return formulas.formula(chance) if chance.random() < 0.7 else formulas.make(chance, 0)
    if entry.name in NAMES_OF:
        return chance.choice(NAMES_OF[entry.name])
    if entry.name == "steps":
        return str(often(chance, (40, chance.randint(1, 12)), (2, chance.randint(13, 90)), (0.02, 20_000)))
    if entry.name in ("domain", "start"):
        numbers = [round(chance.uniform(-4, 4), 2) for _ in range(4 if entry.name == "domain" else 2)]
        return ",".join(map(repr, sorted(numbers[:2]) + sorted(numbers[2:])))
    control = entry.control
    match entry.kind:
        case "linear" | "log" | "decay" if control:
            return repr(float(f"{chance.uniform(control.low, control.high):.4g}"))
        case "whole" if control:
            return str(chance.randint(int(control.low), int(min(control.high, 100))))
        case "switch":
            return chance.choice(["true", "false", "1", "0"])
        case "choice" if control:
            return chance.choice(list(control.choices))
        case "numbers":
            return ",".join(str(number) for number in sorted(chance.choices(range(30), k=chance.randint(0, 4))))
    return text_of(often(chance, (1, entry.default), (1, entry.optional)))


def edge(chance: Random, entry: Setting) -> str:
    """Numbers that are large, small, or at a bound."""
    bounds = [bound + more for bound in (entry.least, entry.most) if bound is not None for more in (-1, 0, 1)]
    text = chance.choice([*EDGE, *map(str, bounds)])
    return ",".join([text] * chance.choice((1, 1, 1, 2, 4)))


def wrong(chance: Random, _: Setting) -> str:
    """No value at all."""
    return chance.choice(WRONG)


def harm(chance: Random, _: Setting) -> str:
    """What somebody hopes that a page would render, a file would hold, or a server would do."""
    return chance.choice(HARM)


def anything(chance: Random) -> str:
    """A text for a parameter that is no setting."""
    return chance.choice([*EDGE, *WRONG, *HARM])


def tree(chance: Random, depth: int = 3) -> Any:
    """A value as JSON could have it."""
    plain: list[Any] = [None, True, False, 0, -1, 1.5, 1e400, -1e308, 2**63, 2**64, 10**400, "", "x", "1", "nan"]
    match often(chance, (6, "plain"), (2, "text"), (depth, "list"), (depth, "dict"), (0.2, "deep")):
        case "plain":
            return chance.choice([*plain, float("nan")])
        case "text":
            return anything(chance)
        case "list":
            return [tree(chance, depth - 1) for _ in range(chance.randint(0, 4))]
        case "dict":
            return {anything(chance)[:20]: tree(chance, depth - 1) for _ in range(chance.randint(0, 3))}
        case _:
            deep: Any = []
            for _ in range(chance.choice((10, 100, 400))):
                deep = [deep]
            return deep
