"""A small language about a run: checks such as ``abs(step.x[0]) ≈ learning_rate ± 1%``, and numbers in a text.

Names are the run's arrays (``theta``, ``loss``, ``grad``, ``m``, ``u``, or ``v`` of Adam, ``step``, ...), its
settings by their own names (``learning_rate``, ``beta_2``, ...), ``distance`` (to the nearest minimum, before each step
and after the last), and other runs by name (``short.u.x[20]``). ``.x`` and ``.y`` take a coordinate, brackets take
steps. `adamax_viz.problems.expressions` computes them.
"""

import ast
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adamax_viz.problems.expressions import Language, Refusal, evaluate
from adamax_viz.runs.run import Run
from adamax_viz.study.spec import RunSpec
from adamax_viz.words.numbers import number

MAX_LENGTH = 200
AXES = {"x": 0, "y": 1}


class Scope(NamedTuple):
    """What names mean: one run with what made it, and others beside it."""

    settings: RunSpec
    run: Run
    others: Mapping[str, "Scope"] = {}

    def look_up(self, name: str) -> Any:
        """The value of a name.

        Raises:
            Refusal: it means nothing here.
        """
        if name in self.others:
            return self.others[name]
        if name == "distance":
            return self._distance()
        if name == "start":
            return np.array(self.settings.start_point())
        if name in self.run or name == "stopped_at":
            values = self.run[name]
            return values if values.ndim == 1 and name != "stopped_at" else values[0]
        value = getattr(self.settings, name, None) if name in RunSpec.model_fields else None
        if isinstance(value, bool | int | float):
            return value
        raise Refusal(f"{name!r} is neither an array of the run, nor a number of its settings, nor another run")

    def _distance(self) -> NDArray[np.float64]:
        problem, still = self.settings.problem(), self.settings.problem().minima(0)
        moves = problem.functions.moves
        away = [
            min(np.hypot(*(place - (float(m.x), float(m.y)))) for m in (problem.minima(k) if moves else still))
            for k, place in enumerate(self.run["theta"][0])
        ]
        return np.array(away)


def _angle(a: Any, b: Any) -> Any:
    """Degrees between two vectors, 0 to 180."""
    cross = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return np.degrees(np.abs(np.arctan2(cross, (a * b).sum(axis=-1))))


def _first(values: Any) -> int:
    """The first step at which something is true; -1 if it never is."""
    places = np.flatnonzero(values)
    return int(places[0]) if places.size else -1


FUNCTIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    **{name: (1, getattr(np, name)) for name in ("abs", "sqrt", "log", "log10", "exp", "cos", "sin", "sign")},
    **{name: (1, getattr(np, name)) for name in ("mean", "median", "std", "sum", "min", "max", "all", "any")},
    "diff": (1, lambda v: np.diff(v, axis=0)),
    "cumsum": (1, lambda v: np.cumsum(v, axis=0)),
    "norm": (1, lambda v: np.hypot(v[..., 0], v[..., 1])),
    "angle": (2, _angle),
    "first": (1, _first),
    "count": (1, np.count_nonzero),
    "len": (1, len),
    "larger": (2, np.maximum),
    "smaller": (2, np.minimum),
    "below": (2, np.less),
}
OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def compute(text: str, scope: Scope) -> Any:
    """The value of an expression.

    Raises:
        Refusal: what can't be read, or means nothing for this run.
    """
    hint = f"; there are {', '.join(sorted(FUNCTIONS))}"
    language = Language(
        "expression", lambda value: value, scope.look_up, FUNCTIONS, OPERATORS, _coordinate_or_place, hint
    )
    try:
        with np.errstate(all="ignore"):
            return evaluate(_parse(text), language)
    except Refusal:
        raise
    except (IndexError, TypeError, ValueError, ZeroDivisionError, AttributeError) as error:
        raise Refusal(f"{text!r} can't be computed: {error}") from None


def _parse(text: str) -> ast.expr:
    if len(text) > MAX_LENGTH:
        raise Refusal(f"The expression has {len(text)} characters, more than {MAX_LENGTH}")
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        raise Refusal(f"{text.strip()!r} is not an expression") from None


def _coordinate_or_place(node: ast.AST, part: Callable[[ast.AST], Any]) -> Any:
    """What this language has beyond arithmetic: ``.x``, other runs' names, and brackets."""
    match node:
        case ast.Attribute(value=inner, attr=attribute):
            owner = part(inner)
            if isinstance(owner, Scope):
                return owner.look_up(attribute)
            if attribute not in AXES:
                raise Refusal(f"{attribute!r} is no coordinate; there are x and y")
            return owner[..., AXES[attribute]]
        case ast.Subscript(value=inner, slice=ast.Slice(lower=lower, upper=upper, step=step)):
            return part(inner)[slice(*(None if end is None else int(part(end)) for end in (lower, upper, step)))]
        case ast.Subscript(value=inner, slice=place):
            return part(inner)[int(part(place))]
        case _:
            raise Refusal(f"{ast.unparse(node)!r} is not part of this language")


# -- checks ----------------------------------------------------------------------------------------------------


RELATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": np.equal,
    "≠": np.not_equal,
    "<": np.less,
    ">": np.greater,
    "≤": np.less_equal,
    "≥": np.greater_equal,
}
_SIGN = re.compile("([=≠<>≤≥≈])")


class Check(NamedTuple):
    """``a < b``, chains such as ``a < b < c``, or ``a ≈ b ± tolerance`` (``± 1%`` is a part of b)."""

    text: str
    terms: tuple[str, ...]
    signs: tuple[str, ...]
    tolerance: str = ""  # an expression

    def holds(self, scope: Scope) -> bool:
        """Whether it is true, for every entry where terms are arrays.

        Raises:
            Refusal: a term that can't be computed.
        """
        values = [compute(term, scope) for term in self.terms]
        if self.tolerance:
            return bool(np.all(np.abs(np.subtract(*values)) <= compute(self.tolerance, scope)))
        pairs = zip(values, self.signs, values[1:], strict=False)
        return all(np.all(RELATIONS[sign](a, b)) for a, sign, b in pairs)


def check(text: str) -> Check:
    """A check as it is written.

    Raises:
        Refusal: it is none.
    """
    body, _, tolerance = (part.strip() for part in text.partition("±"))
    parts = [part.strip() for part in _SIGN.split(body)]
    terms, signs = tuple(parts[::2]), tuple(parts[1::2])
    if not signs or not all(terms):
        raise Refusal(f"{text!r} compares nothing; a check looks like loss[-1] < loss[0]")
    if ("≈" in signs) != bool(tolerance) or ("≈" in signs and len(signs) > 1):
        raise Refusal(f"{text!r}: ≈ stands alone and wants a tolerance, as in a ≈ b ± 1%")
    if tolerance.endswith("%"):
        if not re.fullmatch(r"\d+(\.\d+)?%", tolerance):
            raise Refusal(f"{tolerance!r} is no percentage")
        tolerance = f"{float(tolerance[:-1]) / 100} * abs({terms[1]})"
    for term in filter(None, (*terms, tolerance)):
        _parse(term)
    return Check(text.strip(), terms, signs, tolerance)


# -- numbers in a text -----------------------------------------------------------------------------------------

_HOLE = re.compile(r"\{\{([^{}]*)\}\}")
_FORMAT = re.compile(r"(?:\.\d)?[gfe%]|d")


def filled(text: str, scope: Scope) -> str:
    """The text with its holes, such as ``{{loss[-1]:.3g}}``, filled with the run's numbers.

    Raises:
        Refusal: a hole that can't be computed.
    """
    return _HOLE.sub(lambda hole: _filling(hole[1], scope), text)


def holes(text: str) -> Iterator[tuple[str, str]]:
    """Expression and format of each hole of a text.

    Raises:
        Refusal: an unknown format.
    """
    yield from map(_split, _HOLE.findall(text))


def _split(hole: str) -> tuple[str, str]:
    # A slice has a colon too: what follows the last one is a format only if it looks like one.
    expression, colon, form = hole.rpartition(":")
    if not colon or "]" in form:
        return hole.strip(), ""
    if not _FORMAT.fullmatch(form):
        raise Refusal(f"{form!r} is no format for a number; .3g, .2f, .0% and d are")
    return expression.strip(), form


def _filling(hole: str, scope: Scope) -> str:
    expression, form = _split(hole)
    value = compute(expression, scope)
    if np.ndim(value):
        raise Refusal(f"{expression!r} is {np.size(value)} numbers, not one")
    if not form:
        return number(float(value))
    text = format(int(value) if form == "d" else float(value) + 0.0, form)
    return re.sub(r"e([+-])0?", lambda e: "e" + e[1].replace("+", ""), text).replace("-", "−")
