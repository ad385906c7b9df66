"""What one page of a session shows: its study, whom a change moves, and what the player has asked."""

import numpy as np
import pytest

from adamax_viz.problems.surfaces.formula_text import FormulaBusy
from adamax_viz.study.named.effects import EFFECTS
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import Study, add, remove, study_of
from adamax_viz.ui.parts import present
from adamax_viz.ui.state import address, page_state, study_page
from adamax_viz.ui.state import session as session_module
from adamax_viz.ui.state.study_page import StudyPage


class Params(dict):
    """An address's."""

    to_dict = dict.copy

    def from_dict(self, params):
        self.clear()
        self.update(params)


class Session:
    """Stands for Streamlit's."""

    def __init__(self):
        self.session_state, self.query_params = {}, Params()


@pytest.fixture
def session(monkeypatch):
    session = Session()
    for module in (address, page_state, session_module, study_page):
        monkeypatch.setattr(module, "st", session)
    return session


def page_of(session, **request):
    page = StudyPage(Study(RunSpec()), player="p")
    if request:
        session.session_state["p"] = {"request": {"fields": request, "final": True, "sequence": 3}}
    return page


def test_a_new_run_is_in_hand_and_a_change_moves_it_alone(session):
    page = page_of(session)
    page.edit(add)
    assert page.target == 1
    page.change(learning_rate=0.5)
    assert [spec.learning_rate for spec in page.study.specs()] == [RunSpec().learning_rate, 0.5]
    page.target = None
    page.change(beta_1=0.5)
    assert [spec.beta_1 for spec in page.study.specs()] == [0.5, 0.5]


def test_what_the_player_asked_goes_to_the_run_it_was_for(session):
    page = page_of(session, learning_rate=0.5)
    page.edit(add)  # the button came with the request: the run that there was has taken it
    assert [spec.learning_rate for spec in page.study.specs()] == [0.5, 0.5]
    assert page.answered == 3
    page.change(learning_rate=0.25)
    page.hear()  # the same request is not taken twice
    assert page.spec.learning_rate == 0.25


def test_a_page_takes_its_own_requests_first(session):
    page, taken = page_of(session, answer=[1, 2], steps=7), []
    page.handlers = {"answer": taken.append}
    page.hear()
    assert taken == [[1, 2]]
    assert page.study.base.steps == 7


def test_a_value_that_is_none_is_said_and_the_old_one_kept(session):
    page = page_of(session)
    page.change(steps=-1)
    assert page.study.base.steps == RunSpec().steps
    (complaint,) = page.take_complaints()
    assert "steps" in complaint
    assert page.take_complaints() == []


def test_states_that_show_the_same_player_hear_a_request_once(session):
    first, second = page_of(session, steps=7), page_of(session)
    first.hear()
    second.hear()
    assert (first.study.base.steps, second.study.base.steps) == (7, RunSpec().steps)


def test_what_all_runs_share_goes_to_all(session):
    page = page_of(session)
    page.edit(add)
    page.change(surface="booth", beta_1=0.5)
    assert [spec.surface for spec in page.study.specs()] == ["booth", "booth"]
    assert [spec.beta_1 for spec in page.study.specs()] == [0.9, 0.5]


def test_another_surface_has_none_of_the_parameters_of_the_one_before(session):
    page = page_of(session)
    page.study = Study(RunSpec(surface="rosenbrock"), ({}, {"parameters": {"b": 50.0}}))
    page.change(surface="booth")
    assert page.study.variants[1] == {}


def test_charts_of_several_runs_leave_with_them(session):
    page = page_of(session)
    page.edit(add)
    page.charts = ("loss", "difference")
    page.edit(remove, 1)
    assert page.charts == ("loss",)


@pytest.mark.parametrize("level", ["x", None, [1], True])
def test_a_level_that_is_no_number_is_said(session, level):
    page = page_of(session)
    page.study = study_of(next(effect for effect in EFFECTS if effect.level))
    before = page.study
    page.apply({"level": level})
    assert page.study == before
    assert page.take_complaints()


def test_what_shows_one_run_of_several_moves_that_one(session):
    page = page_of(session)
    page.edit(add)
    page.target, page.shows_one = None, True
    page.change(beta_1=0.5)
    page.apply({"learning_rate": 0.5})
    assert [(spec.beta_1, spec.learning_rate) for spec in page.study.specs()] == [
        (0.5, 0.5),
        (RunSpec().beta_1, RunSpec().learning_rate),
    ]
    page.target = 1
    page.apply({"steps": 7})
    assert [spec.steps for spec in page.study.specs()] == [RunSpec().steps, 7]


def test_a_link_takes_the_whole_study_along_and_back_with_the_run_in_hand(session):
    page = page_of(session)
    page.edit(add)
    page.change(clipnorm=1.0)
    page.charts = ("loss", "difference")
    session.query_params = Params(page.link(1))
    other = page_state.kept_state("verify", StudyPage)
    other.read()
    assert (other.study, other.charts, other.target) == (page.study, page.charts, 1)
    other.write()
    assert session.query_params == {"b.clipnorm": "1.0", "panels": "loss,difference", "target": "B"}
    assert StudyPage().link() == {"surface": RunSpec().surface}  # the default run is named, too


def test_what_is_left_is_told_and_a_bare_address_shows_what_was_there(session):
    page = page_state.kept_state("playground", StudyPage)
    page_state.arrive("playground")
    page.read()
    page.change(steps=7)
    page.write()
    left = []
    page.leave = lambda: left.append("playground")
    session.query_params = Params()
    page_state.arrive("verify")
    page_state.arrive("verify")
    page.read()
    assert left == ["playground"]
    assert page.study.base.steps == 7


def test_the_heights_of_a_surface_travel_once(session, monkeypatch):
    sent = []
    monkeypatch.setattr(page_state, "mount", lambda key, header, arrays, hear: sent.append((header, list(arrays))))
    page = page_of(session, need="booth")
    page.complaints = ["No."]
    arrays = {"0.theta": np.zeros(2), "shade": np.zeros(4)}
    for surface in ("booth", "booth", "ackley"):
        page.show("p", {"surface": {"key": surface}}, arrays)
    assert [names for _, names in sent] == [["0.theta", "shade"], ["0.theta"], ["0.theta", "shade"]]
    assert [header["complaints"] for header, _ in sent] == [["No."], [], []]
    page.hear()
    page.show("p", {"surface": {"key": "ackley"}}, arrays)
    assert sent[-1][1] == ["0.theta", "shade"]  # the player has said that it needs them
    assert sent[-1][0]["answered"] == 3


@pytest.mark.parametrize("otherwise", [None, EFFECTS[0]])
def test_a_link_of_a_newer_version_and_unknown_charts_are_said_on_every_page(session, monkeypatch, otherwise):
    monkeypatch.setattr(present, "st", session)
    session.query_params.update({"v": "99", "panels": "loss,nothing", "show": "everything"})
    page = StudyPage(otherwise=otherwise)
    page.open(dict(session.query_params))
    assert page.charts == ("loss",)
    version, chart, part = page.take_complaints()
    assert "version “99”, newer than this app" in version
    assert "“nothing” is no chart of this version" in chart
    assert "“everything” is no part of the player" in part


def busy(*_arguments):
    raise FormulaBusy


def test_a_link_that_could_not_be_opened_just_now_is_tried_again(session, monkeypatch):
    session.query_params.update(surface="booth")
    page = StudyPage()
    with monkeypatch.context() as patch:
        patch.setattr(study_page, "read_study", busy)
        with pytest.raises(FormulaBusy):
            page.read()
    page.read()
    assert page.study.base.surface == "booth"


def test_what_could_not_be_moved_just_now_is_said(session, monkeypatch):
    page = page_of(session, learning_rate=0.5)
    with monkeypatch.context() as patch:
        patch.setattr(study_page, "apply", busy)
        page.hear()
        patch.setattr(study_page, "apply_to_base", busy)
        page.change(learning_rate=0.1)
    assert page.take_complaints() == [str(FormulaBusy())] * 2
    assert page.study == Study(RunSpec())
