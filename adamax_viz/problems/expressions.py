"""The one walker over expressions that people type: nothing else in this house computes what a text says.

A text is parsed by Python's `ast` and built node by node from a `Language`, a whitelist; it is never evaluated.
"""

import ast
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from adamax_viz.limits import LIMITS


class Refusal(ValueError):  # noqa: N818
    """What an expression must not say; `node` is where, once the walker has noted it."""

    node: ast.AST | None = None


class Language(NamedTuple):
    """What expressions may be made of. Its functions raise `Refusal` for values that they don't take."""

    noun: str  # what such a text is called, for sentences
    constant: Callable[[int | float], Any]
    name: Callable[[str], Any]
    functions: Mapping[str, tuple[int, Callable[..., Any]]]  # with the number of their arguments
    operators: Mapping[type[ast.operator], Callable[[Any, Any], Any]]
    other: Callable[[ast.AST, Callable[[ast.AST], Any]], Any] | None = None  # any other node, with its parts' values
    hint: str = ""  # after "is not a function"


def evaluate(node: ast.AST, language: Language, depth: int = 0) -> Any:
    """The value of a syntax tree in a language.

    Raises:
        Refusal: something is not of the language, or nested too deeply.
    """
    try:
        if depth > LIMITS.formula_nesting:
            raise Refusal(f"The {language.noun} is nested too deeply")
        return _value(node, language, depth)
    except Refusal as refusal:
        refusal.node = refusal.node or node
        raise


def _value(node: ast.AST, language: Language, depth: int) -> Any:
    def part(inner: ast.AST) -> Any:
        return evaluate(inner, language, depth + 1)

    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return language.constant(value)
        case ast.Name(id=name):
            return language.name(name)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -part(operand)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return part(operand)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in language.operators:
            # The terms of a long sum lie side by side, though Python nests them.
            beside = evaluate(left, language, depth + (not (_is_sum(node) and _is_sum(left))))
            return language.operators[type(op)](beside, part(right))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in language.functions:
            count, function = language.functions[name]
            if len(args) != count:
                raise Refusal(f"{name} takes {count} argument{'s' * (count > 1)}")
            return function(*map(part, args))
        case ast.Call(func=ast.Name(id=name)):
            raise Refusal(f"{name!r} is not a function{language.hint}")
        case _ if language.other is not None:
            return language.other(node, part)
        case _:
            raise Refusal(f"This is not part of a {language.noun}")


def _is_sum(node: ast.AST) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)
