"""Formulas that somebody made to hurt: families of those that once took for ever, two hundred in all."""

from itertools import combinations
from random import Random

from tests.fuzz.formulas import ONE, checking

__all__ = ["COUNT", "checking", "make"]

COUNT = 200
PRIMES = (2, 3, 5, 7, 11, 13, 17, 19)


def zero(chance: Random) -> str:
    """A sum of roots less itself, squared and rooted: exactly nothing, and nobody sees it."""
    roots = sorted(chance.sample(PRIMES, chance.randint(3, 5)))
    squares = "+".join(f"sqrt({a * b})" for a, b in combinations(roots, 2))
    outside = chance.choice(["abs", "sqrt", "sign", "1/", "log", "acos", "asin"])
    return f"x*{outside}({'+'.join(f'sqrt({n})' for n in roots)}-sqrt({sum(roots)}+2*({squares})))"


def nest(chance: Random) -> str:
    """Functions of functions of functions."""
    names = chance.choices(ONE, k=chance.randint(18, 24))
    return "".join(f"{name}(" for name in names) + chance.choice("xy") + "+0.1*y" + ")" * len(names)


def narrow_nest(chance: Random) -> str:
    """The same of functions whose derivatives grow most."""
    names = chance.choices(["atan", "acos", "cos", "sinh", "tan", "asin", "sqrt", "tanh"], k=22)
    return "".join(f"{name}(" for name in names) + "x*y" + ")" * len(names)


def powers_of_constants(chance: Random) -> str:
    """Fractional powers of fractional powers."""
    text = "0.1*5"
    for _ in range(chance.randint(4, 8)):
        exponent = f"{chance.choice((-1, 1)) * chance.randint(1, 19)}/{chance.randint(2, 9)}"
        factor = f"({chance.randint(2, 9)})**({chance.randint(1, 9)}/{chance.randint(2, 9)})"
        text = chance.choice([f"(({text})*{factor})**({exponent})", f"({text})**({exponent})", f"({text})*max(6,2)"])
    return f"({text})*x"


def tower(chance: Random) -> str:
    """Powers with variables above."""
    text = "y"
    for _ in range(chance.randint(1, 6)):
        text = f"({text}+{chance.choice('xy')})^{chance.choice(['x', 'y', '(x*y)', '(1/3)', '(-2/3)', 't', '20'])}"
    return chance.choice([f"({text}-x)^(1/3)", text, f"sqrt({text})", f"x^({text})"])


def product(chance: Random) -> str:
    """Many factors: as many terms in each derivative, and their square in the second."""
    factors = [f"{chance.choice(ONE)}({chance.choice('xy')}{chance.choice('+-*/')}{n})" for n in range(2, 32)]
    return chance.choice("*/").join(factors)[:299].rpartition(")")[0] + ")"


def kinks(chance: Random) -> str:
    """Maxima of maxima."""
    text = "x"
    while len(text) < 240:
        inner = f"{chance.choice(['abs', 'sqrt', 'sign'])}({text[:30].count('x')}*y)"
        text = f"{chance.choice(['max', 'min'])}({text},{inner})"
    return text


def doubled(chance: Random) -> str:
    """Both arguments the same, again and again."""
    text = chance.choice(["x", "x+y", "sin(x)"])
    while 2 * len(text) + 12 < 300:
        text = chance.choice([f"max({text},{text})", f"({text})*({text})", f"({text})**({text})", f"({text})/({text})"])
    return text


def large(chance: Random) -> str:
    """Constants at the edge of what is finite."""
    big = chance.choice(["exp(exp(3))", "sinh(27)", "20**9", "1e12", "tan(pi/2)", "exp(-1e12)", "(1/3)**-20", "1e-12"])
    more = chance.choice(["tanh(13)*exp(7)", "min(cosh(3),sign(e))", "log(1e-12)", "acos(2)", "0**0", "sqrt(0)/0", "e"])
    return f"x+{chance.choice(['max', 'min'])}(({more}),({big}-{more}))*{big}"


def waves(chance: Random) -> str:
    """Sums of waves whose arguments are sums of constants."""
    terms = [
        f"{chance.choice(['sin', 'cos', 'tan'])}(pi*{chance.randint(1, 99)}/{chance.randint(2, 99)}+x)"
        for _ in range(12)
    ]
    return chance.choice("+*").join(terms)


def brackets(chance: Random) -> str:
    """Depth without substance."""
    depth = chance.choice([20, 24, 25, 26, 60, 149])
    return chance.choice(
        ["(" * depth + "x" + ")" * depth, "-" * (2 * depth) + "x", "abs(" * (depth // 3) + "x" + ")" * (depth // 3)]
    )


def sums_of_roots(chance: Random) -> str:
    """A number with a minimal polynomial of a degree that has digits."""
    roots = "+".join(f"{n}**(1/{chance.randint(2, 9)})" for n in chance.sample(range(2, 99), 10))
    return f"x*{chance.choice(['sign', 'abs', 'sqrt', 'log'])}({roots}-{chance.randint(10, 30)})+max({roots},y)"


KNOWN = (
    "x*abs(sqrt(2)+sqrt(3)+sqrt(5)+sqrt(7)+sqrt(11)-sqrt(28+2*(sqrt(6)+sqrt(10)+sqrt(14)+sqrt(22)+sqrt(15)+sqrt(21)"
    "+sqrt(33)+sqrt(35)+sqrt(55)+sqrt(77))))",
    "(((((0.1*5)*max(6,2))*((5)**(2/7))**19))**(1/3))**(-3/2)*x",
    "((y+y)^x-x)^(1/3)",
    "x+max((tanh(13)*exp(7)),(min(cosh(3),sign(e))-tanh((1/3)**-20)))",
)
FAMILIES = (
    zero, nest, narrow_nest, powers_of_constants, tower, product, kinks, doubled, large, waves, brackets, sums_of_roots
)  # fmt: skip


def make(chance: Random, number: int) -> str:
    """The known ones, then the families in turn."""
    if number < len(KNOWN):
        return KNOWN[number]
    return FAMILIES[number % len(FAMILIES)](chance)
