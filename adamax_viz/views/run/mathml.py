"""As little MathML as the ledger's rows need: its symbols, and how Python's expressions read in it."""

import ast
from collections.abc import Callable, Sequence
from functools import partial

# Two factors of which one is among these need a sign between them only as numbers: (a)(b), but 2 · 3.
JOINED = frozenset({"beta_2", "bias_correction", "one_minus_beta_1", "one_minus_beta_2"})


def tag(name: str, *parts: str, **attributes: str) -> str:
    """An element of what is in it."""
    said = "".join(f' {key.replace("_", "-")}="{value}"' for key, value in attributes.items() if value)
    return f"<{name}{said}>{''.join(parts)}</{name}>"


mo, mn, mrow = partial(tag, "mo"), partial(tag, "mn"), partial(tag, "mrow")


def _colour(quantity: str) -> str:
    return f"color: var(--text-{quantity})" if quantity else ""


def mi(name: str, quantity: str = "") -> str:
    return tag("mi", name, style=_colour(quantity))


def sub(base: str, index: str) -> str:
    return tag("msub", base, mrow(index))


def over(base: str, accent: str, quantity: str) -> str:
    return tag("mover", mi(base), mo(accent), accent="true", style=_colour(quantity))


def frac(top: str, bottom: str) -> str:
    return tag("mfrac", mrow(top), mrow(bottom))


def power(base: str, exponent: str) -> str:
    return tag("msup", mrow(base), mrow(exponent))


def hole(name: str) -> str:
    return mn(data_of=name)


def brackets(body: str) -> str:
    return mrow(mo("("), body, mo(")"))


def length(body: str) -> str:
    return mrow(mo("‖"), body, mo("‖"))


ONE, MINUS, PLUS, TIMES, COMMA = mn("1"), mo("−"), mo("+"), mo("·"), mo(",")
INDEX_BEFORE = mrow(mi("t"), MINUS, ONE)
BETA_1, BETA_2 = sub(mi("β"), ONE), sub(mi("β"), mn("2"))
POWER, POWER_2 = (tag("msubsup", mi("β"), mn(i), mi("t")) for i in "12")
POWER_PT = tag("msubsup", mi("β"), mn("2"), mrow(mi("p"), mi("t")))
AVERAGE = over("θ", "¯", "ema")
SYMBOLS = {  # of arrays and constants, in MathML
    "grad": mi("g", "grad"),
    "grad_unscaled": mi("g", "grad"),
    "grad_accumulated": over("g", "¯", "grad"),
    "grad_clipped": over("g", "^", "grad_clipped"),
    "scale": mi("S"),
    "N": mi("N"),
    "c": mi("c"),
    "m": mi("m", "m"),
    "m_before": sub(mi("m", "m"), INDEX_BEFORE),
    "u": mi("u", "u"),
    "u_before": sub(mi("u", "u"), INDEX_BEFORE),
    "v": mi("v", "u"),
    "v_before": sub(mi("v", "u"), INDEX_BEFORE),
    "larger": mi("s", "u"),
    "p": mi("p"),
    "one_minus_beta_1": brackets(ONE + MINUS + BETA_1),
    "one_minus_beta_2": brackets(ONE + MINUS + BETA_2),
    "beta_2": BETA_2,
    "epsilon": mi("ε"),
    "lr": mi("α", "lr"),
    "lr_t": sub(mi("α", "lr_t"), mi("t")),
    "alpha": sub(mi("α", "lr_t"), mi("t")),
    "bias_correction": brackets(ONE + MINUS + POWER),
    "bias_correction_2": mrow(ONE, MINUS, POWER_2),
    "norm_correction": power(brackets(ONE + MINUS + POWER_PT), frac(ONE, mi("p"))),
    "step": mi("Δ", "step"),
    "theta": sub(mi("θ", "theta"), INDEX_BEFORE),
    "weight_decay": mi("λ"),
    "decayed": sub(mi("θ", "theta"), "<mtext>decayed</mtext>"),
    "moved": mi("θ", "theta"),
    "theta_next": mi("θ", "theta"),
    "ema": AVERAGE,
    "ema_before": sub(AVERAGE, INDEX_BEFORE),
    "momentum": mi("μ"),
    "one_minus_momentum": brackets(ONE + MINUS + mi("μ")),
}


def written(expression: str, term: Callable[[str], str], joint: str, branches: Sequence[str] = ()) -> str:
    """A Python expression in MathML.

    Args:
        expression: arithmetic of names, and of NumPy's functions.
        term: what a name is written as.
        joint: stands between factors that are `JOINED`.
        branches: names of what a maximum chooses from, for marks that say which one it was.
    """

    def of(node: ast.expr) -> str:
        match node:
            case ast.Name(name):
                return term(name)
            case ast.Constant(int(value) | float(value)):
                return mn(f"{value:g}")
            case ast.UnaryOp(ast.USub(), operand):
                return MINUS + of(operand)
            case ast.BinOp(left, ast.Div(), right):
                return frac(of(left), of(right))
            case ast.BinOp(base, ast.Pow(), exponent):
                return power(of(base) if isinstance(base, ast.Name) else brackets(of(base)), of(exponent))
            case ast.BinOp(left, ast.Mult(), right):
                names = {factor.id for factor in (left, right) if isinstance(factor, ast.Name)}
                return factor(left) + (joint if names & JOINED else TIMES) + factor(right)
            case ast.BinOp(left, ast.Add() | ast.Sub() as sign, right):
                return of(left) + (PLUS if isinstance(sign, ast.Add) else MINUS) + factor(right)
            case ast.Call(ast.Attribute(attr=name), arguments):
                return call(name, [of(argument) for argument in arguments])
        raise ValueError(f"How {ast.unparse(node)} is written is not known.")

    def factor(node: ast.expr) -> str:
        is_sum = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)
        return brackets(of(node)) if is_sum else of(node)

    def call(name: str, arguments: list[str]) -> str:
        first = arguments[0]
        match name:
            case "abs":
                return mrow(mo("|"), first, mo("|"))
            case "sqrt":
                return tag("msqrt", first)
            case "square":  # a number may be negative
                return power(brackets(first) if first.startswith("<mn") else first, mn("2"))
            case "maximum" if branches:
                marked = zip(branches, arguments, strict=True)
                arguments = [mrow(part, data_branch=branch) for branch, part in marked]
        return mi(name.removesuffix("imum")) + brackets(COMMA.join(arguments))

    # A minus in front is of the whole, not of a fraction's first factor.
    whole = expression.removeprefix("-")
    sign = MINUS if whole != expression else ""
    return mrow(sign, of(ast.parse(whole, mode="eval").body))
