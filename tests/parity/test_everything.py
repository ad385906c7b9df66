"""What the page Verify shows: every example and effect beside the installed Keras, and the documentation's lines."""

import inspect
from typing import Any

import pytest

from adamax_viz.parity.behaviour import BEHAVIOURS, Behaviour, Evidence, show
from adamax_viz.parity.verdicts import Case, Verdict, everything, judge
from adamax_viz.study.link import from_query


@pytest.mark.parametrize("case", everything(), ids=lambda case: case.title)
def test_it_matches_keras_in_single_precision(on_jax: Any, case: Case) -> None:
    verdict = judge(case.settings)
    assert isinstance(verdict, Verdict), verdict
    assert verdict.matches, (verdict.worst, verdict.differences[verdict.worst])


@pytest.mark.parametrize("line", BEHAVIOURS, ids=lambda line: line.predict.__name__.strip("_"))
def test_keras_does_what_the_line_says_and_not_what_one_may_read(on_jax: Any, line: Behaviour) -> None:
    assert from_query(line.query).complaints == []
    evidence = show(line)
    assert isinstance(evidence, Evidence), evidence
    assert evidence.shows, evidence


@pytest.mark.parametrize("line", BEHAVIOURS, ids=lambda line: line.predict.__name__.strip("_"))
def test_the_documentation_is_quoted_word_for_word(on_jax: Any, line: Behaviour) -> None:
    import keras

    if line.source == "Keras's documentation":
        documentation = " ".join(inspect.getdoc(keras.optimizers.Adamax).split())
        assert line.says in documentation
