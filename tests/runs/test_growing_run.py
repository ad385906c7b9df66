"""A run that grows: what its record takes is what it keeps from others, room for steps to come included."""

from adamax_viz.runs.growing_run import GrowingRun
from adamax_viz.study.training_spec import TrainingSpec

STEPS = 200


def test_a_record_takes_its_room_from_the_first_piece_on() -> None:
    spec = TrainingSpec(model="linear_regression", steps=STEPS, learning_rate=0.05)
    problem = spec.problem()
    growing = GrowingRun(problem, spec)
    assert growing.recorded_bytes == 0
    growing.reserve(STEPS, 10**9, problem.start())
    growing.advance(2)
    begun = growing.recorded_bytes
    growing.advance(STEPS - 2)
    assert growing.recorded_bytes / 2 < begun <= growing.recorded_bytes <= growing.most_bytes(STEPS)
    growing.let_go()
    assert growing.recorded_bytes == 0
