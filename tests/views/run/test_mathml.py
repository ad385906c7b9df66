"""How expressions read in MathML: what is not known is refused, not drawn as something else."""

import pytest

from adamax_viz.views.run.mathml import mi, written


@pytest.mark.parametrize("expression", ["a % b", "a // b", "a @ b", "~a", "a < b", "f(a)"])
def test_what_nobody_has_thought_of_is_refused(expression):
    with pytest.raises(ValueError, match="is not known"):
        written(expression, mi, "")


def test_sums_inside_products_have_brackets():
    text = written("(a + b) * c - d / e", mi, "")
    assert text.count("<mo>(</mo>") == 1
    assert text.count("<mfrac>") == 1
    assert "<mo>−</mo>" in text
