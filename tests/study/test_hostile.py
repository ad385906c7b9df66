"""Whatever a link, JSON or a player says: each thing wrong is one short sentence, and what was accepted runs."""

import json
from functools import partial
from random import Random
from urllib.parse import parse_qsl

import pytest

from adamax_viz.files.code.run_code import keras_code, library_code
from adamax_viz.limits import LIMITS
from adamax_viz.player.pack import pack
from adamax_viz.player.scene import build_runs
from adamax_viz.runs.frame import csv_text
from adamax_viz.runs.run import runs_of
from adamax_viz.study.knobs import study_knobs
from adamax_viz.study.link import from_json, read_params, read_study, to_json, to_query, with_fields
from adamax_viz.study.named.effects import find_effect
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import Study, apply, study_of
from adamax_viz.study.training_spec import TrainingSpec
from adamax_viz.views.run.landscape import landscape
from tests.study.hostile import VALUES, link, request

FEW = 5  # steps of a run that is tried


def one_sentence_each(complaints: list[str]) -> None:
    assert len(complaints) <= LIMITS.complaints
    for sentence in complaints:
        assert len(sentence) < 1500
        sentence.encode()
        assert sentence.replace("\n", " ").isprintable(), sentence


def shown(study: Study) -> None:
    """Run a study for a few steps, and make of it everything that a page makes."""
    few = {name: min(value, FEW) for name, value in study.base.model_dump().items() if name == "steps"}
    variants = [{n: min(v, FEW) if n == "steps" else v for n, v in changes.items()} for changes in study.variants]
    study = study._replace(base=study.base.changed(**few), variants=tuple(variants))
    for target in (None, *range(len(study.variants))):
        study_knobs(study, target)
    outcomes = runs_of(study.specs())
    if all(outcome.run is None for outcome in outcomes):
        return
    pack(*build_runs(study, outcomes, landscape(study.base.problem(), 0)))
    for outcome in outcomes:
        if outcome.run is not None:
            assert read_params(RunSpec, dict(parse_qsl(to_query(outcome.spec)))).complaints == []
            csv_text(outcome.run, outcome.run.labels)
            for code in (keras_code(outcome.spec), library_code(outcome.spec)):
                compile(code, "run.py", "exec")
            assert from_json(to_json(outcome.spec)) == (outcome.spec, [])


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_links_and_requests_of_runs(seed):
    random = Random(seed)
    study, complaints = read_study(link(random, RunSpec))
    one_sentence_each(complaints)
    shown(study)
    moved, complaints = apply(study, request(random, RunSpec))
    one_sentence_each(complaints)
    shown(moved)


@pytest.mark.parametrize("seed", range(100))
def test_links_and_requests_of_trainings(seed):
    random = Random(seed)
    spec, complaints = read_params(TrainingSpec, link(random, TrainingSpec))
    one_sentence_each(complaints)
    assert spec.refusal() is None
    moved, complaints = with_fields(spec, request(random, TrainingSpec))
    one_sentence_each(complaints)
    assert moved.refusal() is None


@pytest.mark.parametrize("value", VALUES, ids=lambda value: str(type(value).__name__))
def test_json_of_any_kind(value):
    values = dict.fromkeys(("steps", "surface", "formula", "parameters", "start", "use_ema", "version"), value)
    try:
        text = json.dumps(values)
    except ValueError:  # Python writes no number so long
        return
    decoded = from_json(text)
    one_sentence_each(decoded.complaints)
    assert decoded.settings.refusal() is None


# -- bounds ------------------------------------------------------------------------------------------------------

WHOLE = (
    *("gradient_accumulation_steps", "ema_overwrite_frequency", "dynamic_growth_steps", "noise_step", "warmup_steps"),
    *("steps", "seed", "average_by_hand"),
)


@pytest.mark.parametrize(
    "number", [2**31, 2**64, 10**30, 10**400], ids=["31 bits", "64 bits", "30 digits", "400 digits"]
)
@pytest.mark.parametrize("name", WHOLE)
def test_no_whole_number_is_beyond_its_bound(name, number):
    number *= 2  # seeds have a bit more
    for read in (partial(read_study, {name: str(number)}), partial(apply, Study(RunSpec()), {name: number})):
        study, complaints = read()
        assert study == Study(RunSpec())
        assert len(complaints) == 1
        assert complaints[0].startswith(f"{name} ")
    decoded = read_params(TrainingSpec, {"widths": str(number)})
    assert decoded.settings == TrainingSpec()
    assert len(decoded.complaints) == 1


def test_a_step_s_mean_is_of_so_many_gradients_that_it_can_be_computed():
    assert read_study({"average_by_hand": "1000"})[1] == []
    assert len(read_study({"average_by_hand": "100000000"})[1]) == 1


def test_long_links_lists_texts_and_names_are_refused_before_they_are_looked_at():
    study, complaints = read_study({"beta_1": "0.5", "x": "y" * LIMITS.link_length})
    assert study == Study(RunSpec())
    assert complaints == ["The link has 20010 characters, more than 20000; it was ignored."]
    decoded = read_params(TrainingSpec, {"seed": "3", "x": "y" * 50_000})
    assert decoded.settings == TrainingSpec()
    assert decoded.complaints == ["The link has 50006 characters, more than 20000; it was ignored."]
    study, complaints = read_study({"values": "1," * 300, "formula": "x" * 2000, "beta_1": "0.5", "surface": "y" * 900})
    assert study == Study(RunSpec(beta_1=0.5))
    assert [sentence.split()[0] for sentence in complaints] == ["values", "formula", "surface"]
    assert all(len(sentence) < 250 for sentence in complaints)


def test_unknown_names_are_counted_after_some():
    study, complaints = read_study({f"n{i}": "1" for i in range(900)})
    assert len(complaints) == LIMITS.complaints
    assert complaints[-1] == "881 more things could not be used."
    many = {f"n{i}": 1 for i in range(900)}
    assert apply(study, many) == (study, ["900 changes at once are more than 100; everything was left as it was."])


def test_deep_json_is_one_sentence():
    deep = "[" * 900 + "]" * 900
    decoded = from_json(f'{{"start": {deep}, "beta_1": 0.5}}')
    assert decoded.settings == RunSpec(beta_1=0.5)
    assert decoded.complaints == ["start can't be used (no setting is so deep or so long); the default none was kept."]
    with pytest.raises(ValueError, match="JSON"):
        from_json("[" * 100_000)


def test_names_of_parameters_are_names():
    effect = study_of(find_effect("clipping"))
    study, complaints = apply(effect, {"b.parameters.<img src=x>": 1})
    assert study == effect
    assert len(complaints) == 1
    query = {"b.parameters.[x](http://x)": "1", "effect": "clipping", "a": "base"}
    assert len(read_study(query)[1]) == 1


def test_halves_of_letters_are_no_text():
    for name in ("formula", "noise_envelope", "surface", "rule"):
        study, complaints = apply(Study(RunSpec()), {name: "\ud800"})
        assert study == Study(RunSpec())
        one_sentence_each(complaints)
        assert len(complaints) == 1


def test_what_moves_or_hides_letters_is_replaced_in_sentences():
    (complaint,) = read_study({"warp\u202e\u200b\x00\n": "1"})[1]
    assert complaint == "“warp\ufffd\ufffd\ufffd\ufffd” is not a setting of this version; it was ignored."


@pytest.mark.parametrize("fields", [{"self": 1}, {"study": 1}, {"i": 1}, {"b.i": 1}, {"b.study": 1}, {"b.self": 1}])
def test_names_of_python_s_own_are_no_settings(fields):
    effect = study_of(find_effect("clipping"))
    study, complaints = apply(effect, fields)
    assert study == effect
    assert len(complaints) == 1
    assert len(complaints[0]) < 200
