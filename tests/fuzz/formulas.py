"""Formulas: of every shape, soups of their words, damaged ones, and texts that are none."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf, log10
from random import Random
from typing import Any

import numpy as np

from adamax_viz.limits import LIMITS
from adamax_viz.problems.surfaces.formula_text import FormulaError
from adamax_viz.problems.surfaces.surface import SurfaceProblem, custom
from tests.fuzz.kind import is_said, often
from tests.fuzz.slopes import agree


def _words(text: str) -> list[str]:
    return text.split()


ONE = _words("sin cos tan exp log sinh cosh tanh asin acos atan sign abs sqrt")
TWO = _words("max min")
NAMES = _words("x y t pi e")
NUMBERS = (
    # Where numbers are very large or small, slopes are not compared: most formulas have none of these.
    *(8 * _words("0 1 2 3 5 7 0.5 0.1 .25 1. 1e-3 2.5e2 3.14159 100 0.3333333333333333 13 99")),
    *_words("1e12 1e-12 1e-300 1e13"),
)
EXPONENTS = _words("2 3 4 0.5 -1 -2 1/3 2/3 -1/2 3/2 5 7 10 19 20 -20 0 1 x y t e 21 0.1 (2/7) (-3/2)")
MARKS = _words("+ - * / ** ^ ( ) , . ; = == != < > [ ] { } : % @ & | ~ ! ' \" \\ # $ _ ? ` if else for in and or not")
WORDS = ["lambda", "import", "__class__", "x.y", "f'x'", "j", "1j", "0x1f", "1_000", "inf", "nan", "True", "None"]
# Beside numbers so many decades from one, differences tell nothing: digits are lost in sums, waves are too fast.
FAR, LITERAL = 10, re.compile(r"\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?")
JUNK = "ｘ²³½πθ√∞×÷−‑“”ⅷ٣߂x́y̆\u202e\u200b\ufeff\0\x1b\n\t\r\x0b🙂😀ñß\ud800Ωµ\U0001d465<>&*_`$[]()|\\"


# -- texts -----------------------------------------------------------------------------------------------------


def make(chance: Random, _: int) -> str:
    """One text, by chance well formed or not."""
    return often(chance, (7, formula), (1.5, soup), (2.5, damaged), (1, junk))(chance)


def formula(chance: Random) -> str:
    """A well formed one, of one to some forty words."""
    shape = often(chance, (4, sums), (3, anything), (1, nest), (1, constant_parts), (1, powers), (1, kinks))
    words = min(40, 1 + int(chance.expovariate(1 / 6)))
    while len(text := shape(chance, words)) > LIMITS.formula_length:
        words = words * 2 // 3
    return text.replace("**", "^") if chance.random() < 0.2 else text


def leaf(chance: Random) -> str:
    """A word that has a value."""
    return often(chance, (5, chance.choice("xy")), (0.6, "t"), (0.6, "pi"), (0.6, "e"), (2.5, chance.choice(NUMBERS)))


def number(chance: Random) -> str:
    """A constant."""
    return often(chance, (6, chance.choice(NUMBERS)), (1, "pi"), (1, "e"), (3, str(chance.randint(2, 120))))


def anything(chance: Random, words: int, of: Callable[[Random], str] = leaf) -> str:
    """Operators and functions in any order."""
    if words <= 1:
        return of(chance)
    less = chance.randint(1, words - 1)
    match often(chance, (6, "binary"), (3, "function"), (2, "power"), (1, "two"), (0.5, "sign")):
        case "binary":
            sign = chance.choice(["+", "-", "*", "/", " + ", " * "])
            return f"({anything(chance, less, of)}){sign}({anything(chance, words - less, of)})"
        case "function":
            return f"{chance.choice(ONE)}({anything(chance, words - 1, of)})"
        case "power":
            exponent = chance.choice(EXPONENTS) if chance.random() < 0.8 else anything(chance, less, of)
            return f"({anything(chance, words - less, of)})**({exponent})"
        case "two":
            return f"{chance.choice(TWO)}({anything(chance, less, of)}, {anything(chance, words - less, of)})"
        case _:
            return f"-({anything(chance, words - 1, of)})"


def sums(chance: Random, words: int) -> str:
    """What people type: terms with coefficients, powers and functions."""
    terms = []
    for _ in range(max(1, words // 3)):
        base = often(chance, (3, chance.choice("xy")), (1, f"({chance.choice('xy')}-{number(chance)})"), (1, "x*y"))
        base = f"{chance.choice(ONE)}({number(chance)}*{base})" if chance.random() < 0.4 else base
        term = f"{base}**{chance.choice(EXPONENTS)}" if chance.random() < 0.5 else base
        terms.append(f"{number(chance)}*{term}" if chance.random() < 0.6 else term)
    return "".join(term + chance.choice([" + ", " - ", "+", "*", "/"]) for term in terms[:-1]) + terms[-1]


def nest(chance: Random, words: int) -> str:
    """Functions of functions."""
    text = leaf(chance)
    for _ in range(words):
        inner = f"{text}{chance.choice('+-*/')}{leaf(chance)}" if chance.random() < 0.3 else text
        name = chance.choice([*ONE, *TWO])
        text = f"{name}({inner})" if name in ONE else f"{name}({inner},{leaf(chance)})"
    return text


def constant_parts(chance: Random, words: int) -> str:
    """Constants that take long to compute exactly, and zeros that do not look like it."""
    inner = anything(chance, max(words, 2), number)
    roots = "+".join(f"sqrt({n})" for n in chance.sample(range(2, 60), chance.randint(1, 6)))
    zero = often(chance, (1, f"({inner})-({inner})"), (2, f"{roots}-({roots})"), (1, inner), (1, roots))
    return f"{chance.choice('xy')}{chance.choice('*+/-')}{chance.choice(ONE)}({zero})"


def powers(chance: Random, words: int) -> str:
    """Powers of powers."""
    text = leaf(chance)
    for _ in range(min(words, 12)):
        text = f"({text})**({chance.choice(EXPONENTS)})" if chance.random() < 0.6 else f"{text}{chance.choice('+-*')}y"
    return text


def kinks(chance: Random, words: int) -> str:
    """What has edges."""
    text = leaf(chance)
    for _ in range(words):
        name = chance.choice(["abs", "sign", "max", "min", "sqrt"])
        text = f"{name}({text}, {leaf(chance)}*x)" if name in TWO else f"{name}({text}-{leaf(chance)})"
    return text


def soup(chance: Random) -> str:
    """Words in any order."""
    words = [*NAMES, *ONE, *TWO, *NUMBERS, *MARKS, *MARKS, *WORDS, "x", "y", "(", ")", "("]
    return chance.choice(["", " "]).join(chance.choices(words, k=chance.randint(0, 60)))


def damaged(chance: Random) -> str:
    """A well formed one with a few wounds."""
    text = formula(chance)
    for _ in range(chance.randint(1, 4)):
        i, j = sorted((chance.randint(0, len(text)), chance.randint(0, len(text))))
        new = often(chance, (2, ""), (2, chance.choice(MARKS)), (1, chance.choice(JUNK)), (1, text[i:j] * 2), (1, "9"))
        text = text[:i] + new + text[j if chance.random() < 0.3 else min(i + 1, len(text)) :]
    return text


def junk(chance: Random) -> str:
    """No formula at all, short or long."""
    size = often(chance, (6, chance.randint(0, 40)), (2, chance.randint(250, 350)), (0.2, 100_000))
    letters = often(chance, (3, JUNK), (1, "()"), (1, "x*("), (1, "-+ "), (1, "1234567890e."))
    return "".join(chance.choices(letters, k=size))


# -- what is checked -------------------------------------------------------------------------------------------


@contextmanager
def checking() -> Iterator[Callable[[Any], bool]]:
    """With whatever works them out under way."""
    warm()
    yield check


def warm() -> None:
    """Derive one formula: the first waits for imports."""
    usable(SurfaceProblem(custom("x**2 + 3*abs(y - 1)")))


def check(text: str) -> bool:
    """A function that can be computed everywhere, with its slopes; or one sentence."""
    try:
        problem = SurfaceProblem(custom(text))
    except FormulaError as error:
        is_said(str(error), text)
        return False
    usable(problem)
    if not any(abs(log10(number)) > FAR for number in map(float, LITERAL.findall(text)) if 0 < number < inf):
        agree(problem)
    return True


def usable(problem: SurfaceProblem) -> None:
    """Numbers of the right shape come out, whatever goes in."""
    with np.errstate(all="ignore"):
        for dtype in (np.float32, np.float64):
            for theta in (np.array([[0.3, -1.7]], dtype), np.array([[0, 0], [1e200, -1e-200], [1, 2]]).astype(dtype)):
                loss, grad = problem.evaluate(theta, 3)
                assert loss.shape == theta.shape[:1]
                assert grad.shape == theta.shape
        heights = problem.value(np.linspace(-3, 3, 5)[:, None], np.linspace(-3, 3, 4), 1)
    assert heights.shape == (5, 4)
    assert problem.functions.latex
