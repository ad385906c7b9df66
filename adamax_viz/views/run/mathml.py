"""As little MathML as the ledger's rows need: formulas that are built from words instead of tags."""


def mi(name: str, quantity: str = "") -> str:
    colour = f' style="color: var(--text-{quantity})"' if quantity else ""
    return f"<mi{colour}>{name}</mi>"


def sub(base: str, index: str) -> str:
    return f"<msub>{base}<mrow>{index}</mrow></msub>"


def over(base: str, accent: str, quantity: str) -> str:
    return f'<mover accent="true" style="color: var(--text-{quantity})"><mi>{base}</mi><mo>{accent}</mo></mover>'


def hole(name: str) -> str:
    return f'<mn data-of="{name}"></mn>'


def mo(sign: str) -> str:
    return f"<mo>{sign}</mo>"


def mrow(*parts: str) -> str:
    return f"<mrow>{''.join(parts)}</mrow>"


def frac(top: str, bottom: str) -> str:
    return f"<mfrac>{mrow(top)}{mrow(bottom)}</mfrac>"


def brackets(*parts: str) -> str:
    return mrow(mo("("), *parts, mo(")"))


def size(body: str) -> str:
    return mrow(mo("|"), body, mo("|"))


def length(body: str) -> str:
    return mrow(mo("‖"), body, mo("‖"))


def root(body: str) -> str:
    return f"<msqrt>{body}</msqrt>"


def power(base: str, exponent: str) -> str:
    return f"<msup>{mrow(base)}{mrow(exponent)}</msup>"
