"""Every built-in surface: its formula against differences, its minima against a search of the whole domain."""

import subprocess
import sys

import numpy as np
import pytest

from adamax_viz.problems.surfaces.catalogue import CATALOGUE, SURFACES, find
from adamax_viz.problems.surfaces.surface import Surface, SurfaceProblem
from tests.problems.probes import basins, difference, distinct_minima, gradient, hessians, random_points

STEPS = (0, 7, 100, 250)
POINTED = {"kink", "ackley", "drop_wave"}  # the formula has no Hessian at the minimum
EACH = pytest.mark.parametrize("surface", SURFACES, ids=lambda surface: surface.name)


def settings(surface: Surface) -> list[dict[str, float]]:
    """Default, lowest and highest values of the parameters."""
    ends = [{name: p[end] for name, p in surface.parameters.items()} for end in (1, 2)]
    return [{}, *ends] if surface.parameters else [{}]


def steps(problem: SurfaceProblem) -> tuple[int, ...]:
    return STEPS if problem.functions.moves else (0,)


def size(problem: SurfaceProblem, t: int) -> float:
    """The largest height or slope at random points: what a tolerance is relative to."""
    points = random_points(problem, 200, seed=9)
    return float(max(np.abs(gradient(problem, points, t)).max(), np.abs(problem.value(*points.T, t)).max()))


@EACH
def test_says_what_it_is(surface: Surface) -> None:
    assert surface.title
    assert surface.source
    assert surface.teaches.endswith(".")
    assert 30 < len(surface.teaches) < 180
    assert surface.name.isidentifier()
    assert surface.name == surface.name.lower()
    for name, parameter in surface.parameters.items():
        assert parameter.low <= parameter.default <= parameter.high
        assert name not in ("x", "y", "t", "e", "pi")
        assert parameter.help.endswith(".")


def test_names_and_titles_are_unique() -> None:
    assert len(SURFACES) >= 28
    assert len({s.name for s in SURFACES}) == len({s.title for s in SURFACES}) == len(CATALOGUE) == len(SURFACES)
    assert all(CATALOGUE[name].name == name for name in CATALOGUE)


@EACH
def test_starts_lie_in_the_domain_and_have_somewhere_to_go(surface: Surface) -> None:
    problem = SurfaceProblem(surface)
    assert 2 <= len(surface.starts) == len(set(surface.starts)) <= 4
    for start in surface.starts:
        assert all(low < c < high for c, (low, high) in zip(start, surface.domain, strict=True))
    assert np.abs(gradient(problem, np.array(surface.starts[:1], float), 0)).max() > 1e-4


@EACH
def test_gradient_against_differences(surface: Surface) -> None:
    for parameters in settings(surface):
        problem = SurfaceProblem(surface, parameters)
        for t in steps(problem):
            points = random_points(problem, 60, seed=t)
            expected = np.column_stack(difference(lambda x, y, t=t, p=problem: p.value(x, y, t), *points.T))
            rounding = 1e-11 * np.abs(problem.value(*points.T, t)).max()
            np.testing.assert_allclose(gradient(problem, points, t), expected, rtol=1e-6, atol=rounding)


@EACH
def test_hessian_against_differences(surface: Surface) -> None:
    for parameters in settings(surface):
        problem = SurfaceProblem(surface, parameters)
        for t in steps(problem):
            points = random_points(problem, 12, seed=t + 1)
            columns = [
                difference(lambda x, y, i=i, t=t, p=problem: gradient(p, np.column_stack([x, y]), t)[:, i], *points.T)
                for i in (0, 1)
            ]
            rounding = 1e-11 * np.abs(gradient(problem, points, t)).max()
            expected = np.array(columns).transpose(2, 0, 1)
            np.testing.assert_allclose(hessians(problem, points, t), expected, rtol=1e-6, atol=rounding)


@EACH
def test_minima_are_minima(surface: Surface) -> None:
    for parameters in settings(surface):
        problem = SurfaceProblem(surface, parameters)
        assert any(m.is_global for m in surface.minima)
        for t in steps(problem):
            scale = size(problem, t)
            for m in problem.minima(t):
                place = np.array([[m.x, m.y]])
                assert problem.value(m.x, m.y, t) == pytest.approx(m.value, rel=1e-12, abs=1e-13 * scale)
                assert np.abs(gradient(problem, place, t)).max() <= 1e-12 * scale
                assert np.linalg.eigvalsh(problem.hessian(m.x, m.y, t))[0] >= 0
                for radius in (1e-4, 3e-3):
                    ring = radius * np.exp(1j * np.linspace(0, 2 * np.pi, 24, endpoint=False))
                    around = problem.value(m.x + ring.real, m.y + ring.imag, t)
                    assert np.all(around > m.value) or (t and np.all(around >= m.value))


@EACH
def test_minima_lie_in_the_domain(surface: Surface) -> None:
    for parameters in settings(surface):
        problem = SurfaceProblem(surface, parameters)
        for t in steps(problem):
            for m in problem.minima(t):
                assert all(low < c < high for c, (low, high) in zip(m[:2], surface.domain, strict=True))


@EACH
def test_nothing_in_the_domain_is_lower(surface: Surface) -> None:
    for parameters in settings(surface):
        problem = SurfaceProblem(surface, parameters)
        for t in steps(problem):
            minima = problem.minima(t)
            lowest = min(m.value for m in minima)
            tolerance = 1e-9 * size(problem, t)
            assert all((m.value <= lowest + tolerance) == m.is_global for m in minima)
            assert basins(problem, t)[1].min() >= lowest - tolerance


@EACH
def test_all_minima_are_listed(surface: Surface) -> None:
    problem = SurfaceProblem(surface)
    listed = np.array([(m.x, m.y) for m in problem.minima()])
    found = distinct_minima(problem, 0)
    missing = [place for place in found if np.abs(listed - place).max(axis=1).min() > 1e-6]
    if len(found) < 10:
        assert not missing
    for m in problem.minima():
        if surface.name not in POINTED:
            assert np.abs(found - (m.x, m.y)).max(axis=1).min() < 1e-6
    if missing:  # local ones, too many to list
        assert problem.value(*np.transpose(missing)).min() > min(m.value for m in problem.minima()) + 1e-6


@EACH
def test_float32_stays_float32_and_agrees(surface: Surface) -> None:
    for parameters in settings(surface):
        problem = SurfaceProblem(surface, parameters)
        for t in steps(problem):
            points = random_points(problem, 50, seed=t + 2)
            at = (*points.T.astype(np.float32), np.float32(t), *map(np.float32, problem.parameters.values()))
            for part in problem.functions.value_and_gradient(*at):
                assert isinstance(part, int | float) or part.dtype == np.float32
            loss32, grad32 = problem.evaluate(points.astype(np.float32), t)
            loss, grad = problem.evaluate(points.astype(np.float32).astype(np.float64), t)
            assert loss32.dtype == grad32.dtype == np.float32
            tolerance = 2e-2 if surface.name == "noise_bursts" else 2e-5  # its noise is the sine of large numbers
            np.testing.assert_allclose(loss32, loss, rtol=1e-4, atol=tolerance * np.abs(loss).max())
            np.testing.assert_allclose(grad32, grad, rtol=1e-4, atol=tolerance * np.abs(grad).max())


@EACH
def test_finite_everywhere_in_float32(surface: Surface) -> None:
    x, y = (np.linspace(*limits, 101, dtype=np.float32) for limits in surface.domain)
    grid = np.stack(np.meshgrid(x, y), -1).reshape(-1, 2)
    for parameters in settings(surface):
        problem = SurfaceProblem(surface, parameters)
        for t in (*steps(problem), 10_000):
            with np.errstate(over="raise", divide="raise", invalid="raise"):
                loss, grad = problem.evaluate(grid, t)
            assert np.isfinite(loss).all()
            assert np.isfinite(grad).all()


@EACH
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("order", ["F", "C"])
def test_batch_equals_one_by_one(surface: Surface, dtype: str, order: str) -> None:
    problem = SurfaceProblem(surface)
    points = random_points(problem, 37, seed=5).astype(dtype, order=order)
    loss, grad = problem.evaluate(points, 100)
    for i, point in enumerate(points):
        one_loss, one_grad = problem.evaluate(point[None], 100)
        assert one_loss[0] == loss[i]
        assert one_grad[0].tolist() == grad[i].tolist()


@EACH
def test_moves_only_if_its_formula_has_t(surface: Surface) -> None:
    problem = SurfaceProblem(surface)
    points = random_points(problem, 20)
    changed = any(np.any(problem.value(*points.T, t) != problem.value(*points.T, 0)) for t in STEPS)
    assert changed == problem.functions.moves


def test_find() -> None:
    assert find("rosenbrock") is CATALOGUE["rosenbrock"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("rosenbrok", "rosenbrock"),
        ("Ackley", "ackley"),
        ("six hump camel", "six_hump_camel"),
        ("zzzz", "33, such as round_bowl"),
    ],
)
def test_find_suggests_names(name: str, hint: str) -> None:
    with pytest.raises(ValueError, match=f"There is no surface “{name}”; .*{hint}"):
        find(name)


def test_the_catalogue_alone_does_not_need_sympy() -> None:
    code = "import sys, adamax_viz.problems.surfaces.catalogue; sys.exit('sympy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
