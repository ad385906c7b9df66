"""Which controls the people who open a link may move: ``locked=beta_1,start``, or ``locked=all,!learning_rate``."""

from typing import NamedTuple

ALL, BUT = "all", "!"
START = "start"


class Locks(NamedTuple):
    """Names of settings that are locked, or (if `all_but`) of those that alone are free."""

    names: frozenset[str] = frozenset()
    all_but: bool = False

    def has(self, name: str) -> bool:
        """Whether the setting of this name is locked. A surface's own parameters have names like ``parameters.a``."""
        return (name in self.names) is not self.all_but

    def __bool__(self) -> bool:
        return self.all_but or bool(self.names)


def read_locks(text: str | None) -> Locks:
    """The locks of a link's parameter; names that no setting has lock nothing.

    >>> read_locks("beta_1,start").has("beta_1"), read_locks("beta_1,start").has("beta_2")
    (True, False)
    >>> read_locks("all,!learning_rate").has("learning_rate"), read_locks("all,!learning_rate").has("epsilon")
    (False, True)
    """
    parts = [part.strip() for part in (text or "").split(",") if part.strip()]
    if ALL in parts:
        return Locks(frozenset(part.removeprefix(BUT) for part in parts if part.startswith(BUT)), True)
    return Locks(frozenset(parts))


def write_locks(locks: Locks) -> str:
    """The parameter's text, or "" if nothing is locked.

    >>> write_locks(Locks(frozenset({"start", "learning_rate"}), all_but=True))
    'all,!learning_rate,!start'
    """
    if locks.all_but:
        return ",".join([ALL, *(BUT + name for name in sorted(locks.names))])
    return ",".join(sorted(locks.names))
