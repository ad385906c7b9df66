"""What the product publishes at present: the links in it and in its documents, and a file of each kind it saves."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

from adamax_viz.core import engine
from adamax_viz.files.archive import archive, text_files
from adamax_viz.files.training_tables import full_csv, summary_csv
from adamax_viz.lessons.lesson import Lesson
from adamax_viz.lessons.reader import lessons
from adamax_viz.player.scene import alone, build_runs
from adamax_viz.player.standalone import standalone_page
from adamax_viz.problems.models.networks import MODELS
from adamax_viz.runs.frame import csv_text
from adamax_viz.runs.growing_run import Segment
from adamax_viz.runs.run import Run, run_of
from adamax_viz.study.link import to_json, to_query
from adamax_viz.study.named.effects import EFFECTS
from adamax_viz.study.named.presets import PRESETS
from adamax_viz.study.spec import RunSpec
from adamax_viz.study.study import Study, study_of
from adamax_viz.study.training_spec import TrainingSpec, as_surface
from adamax_viz.ui.screens import home
from adamax_viz.ui.screens.norms import _TRIES
from adamax_viz.views.run.landscape import landscape

Published = tuple[str, str, str]  # page, name, query or file
PROJECT = Path(__file__).parents[2]
_WRITTEN = re.compile(r"(?:surface|locked|present|effect|model|lesson)=[^\s`\"')|]+")
EARLIER = (  # what the tests and documents named before there was a corpus
    "surface=himmelblau&learning_rate=0.1&v=1",
    "surface=rosenbrock&learning_rate=0.1&v=1",
    "surface=ackley&start=2.0,1.0&use_ema=true&ema_momentum=0.9",
    "surface=custom&formula=x**2%20%2B%20y**2&domain=-1.0,1.0,-1.0,1.0",
)
_PAGES = {"effect": "effect", "model": "models", "lesson": "lesson"}


def published(files: Path) -> Iterator[Published]:
    """Every link and file, with the page that opens it."""
    yield "playground", "bare", ""
    yield "playground", "home", home.SHOWN
    yield from (("playground", f"preset {preset.name}", preset.query) for preset in PRESETS)
    yield "effect", "bare", ""
    for effect in EFFECTS:
        yield "effect", effect.name, f"effect={effect.name}"
        plain = (spec.for_keras() for spec in study_of(effect).specs())
        yield from (("playground", f"{effect.name} {i}", to_query(one)) for i, one in enumerate(plain) if one)
    yield "lesson", "bare", ""
    for lesson in lessons():
        yield from _of_lesson(lesson)
    yield from (("norms", title, to_query(settings)) for title, settings in _TRIES)
    yield "norms", "bare", ""
    yield "models", "bare", ""
    for model in MODELS.values():
        yield from (("models", f"{model.name} {name}", f"model={model.name}&dataset={name}") for name in model.datasets)
    yield "playground", "linear regression", to_query(as_surface(TrainingSpec(model="linear_regression")))
    yield from (("playground", "earlier", query) for query in EARLIER)
    yield from _written()
    for path in sorted(files.iterdir()):
        yield ("own_points" if path.stem.startswith("points") else "file"), path.stem, path.name


def _of_lesson(lesson: Lesson) -> Iterator[Published]:
    """A lesson's scenes, what they take to the Playground, and their doors."""
    for place, scene in enumerate(lesson.scenes, 1):
        name = f"{lesson.name} {place}"
        yield "lesson", name, f"lesson={lesson.name}&scene={place}"
        yield "playground", name, scene.settings
        yield from (("playground", f"{name} {other}", to_query(scene.variant(other))) for other in scene.runs)
        if scene.door:
            page = {"adam_to_adamax": "norms", "effects": "effect", "lessons": "lesson"}.get(scene.door.page)
            yield page or scene.door.page, f"{name} door", scene.door.query


def _written() -> Iterator[Published]:
    """Links in the documents, whatever page they are for."""
    for path in (PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))):
        for query in _WRITTEN.findall(path.read_text(encoding="utf-8")):
            yield _PAGES.get(query.partition("=")[0], "playground"), path.stem, query


# -- files -------------------------------------------------------------------------------------------------------

SAVED = {
    "plain": RunSpec(surface="booth", steps=12, clipnorm=2.0),
    "two_variables": RunSpec(surface="rosenbrock", steps=9, variables="two", clipvalue=1.0, use_ema=True),
    "accumulated": RunSpec(surface="booth", steps=12, gradient_accumulation_steps=3, noise="gaussian"),
    "scaled": RunSpec(surface="booth", steps=12, dynamic_loss_scale=True, dynamic_growth_steps=3, initial_scale=8.0),
    "single": RunSpec(surface="himmelblau", steps=10, dtype="float32", schedule="CosineDecay", decay_steps=10.0),
    "diverged": RunSpec(surface="rosenbrock", steps=10, learning_rate=1e200),
    "converged": RunSpec(surface="round_bowl", steps=20, start=(0.01, 0.01), learning_rate=0.005, tolerance=0.009),
    "formula": RunSpec(surface="custom", formula="x^2 + sin(t/5)*y", domain=(-1.0, 1.0, -1.0, 1.0), steps=10),
}
LINK = "https://lab.example/playground"
LOOP = "theta_w,theta_b,loss\n6.0,8.0,306.0\n5.95,7.95,301.1\n5.9,7.9,296.3\n5.85,7.85,291.6\n"
BOOTH = "theta_x,theta_y,loss\n6.0,8.0,450.0\n5.0,7.0,288.0\n1.0,3.0,0.0\n1.0,4.0,5.0\n"
POINTS = [(i / 10, (i * 7 % 13) / 13) for i in range(24)]


def export(folder: Path) -> None:
    """One file of each kind, and of several runs; what is there already stays."""
    folder.mkdir(exist_ok=True)
    for name, content in _exported():
        path = folder / name
        if not path.exists():
            path.write_bytes(content if isinstance(content, bytes) else content.encode())


def _exported() -> Iterator[tuple[str, str | bytes]]:
    made = {name: run_of(settings) for name, settings in SAVED.items()}
    for name, settings in SAVED.items():
        yield f"{name}.csv", csv_text(made[name], made[name].labels)
        yield f"{name}.json", to_json(settings)
    table, plain = csv_text(made["plain"], made["plain"].labels), SAVED["plain"]
    yield "page.html", _page(plain, made["plain"], table)
    yield "archive.zip", archive(plain, text_files(plain, made["plain"]), LINK)
    yield "archive_formula.zip", archive(SAVED["formula"], text_files(SAVED["formula"], made["formula"]), LINK)
    other = run_of(plain.changed(learning_rate=0.2))
    yield "several.csv", table + csv_text(other, other.labels).split("\r\n", 1)[1]
    yield "cut.csv", table[: len(table) * 2 // 3]
    yield "loop.csv", LOOP
    yield "loop_booth.csv", BOOTH
    yield "loop_linked.csv", _columns(made["plain"], ["run", "theta_x", "theta_y", "grad_x", "grad_y"])
    yield "newer.json", '{"version": 9, "surface": "booth", "steps": 7, "warp": 1, "beta_1": "half"}'
    yield "damaged.json", '{"surface": '
    yield from _of_training()
    yield "points_label.csv", "".join(["x,y,label\n", *(f"{x},{y:.3f},{'ab'[y > 0.5]}\n" for x, y in POINTS)])
    yield "points_value.csv", "".join(["x,value\n", *(f"{x},{y:.3f}\n" for x, y in POINTS)])
    yield "points_plane.csv", "".join(["x;y;value\n", *(f"{x};{y:.3f};{x * y:.3f}\n" for x, y in POINTS)])
    yield "points_damaged.csv", "x,y,label\n1,2,a\n1,two,b\n"


def _columns(run: Run, names: list[str]) -> str:
    target = io.StringIO()
    run.to_frame()[names].to_csv(target, index=False)
    return target.getvalue()


def _page(settings: RunSpec, run: Run, table: str) -> str:
    """The page that plays offline, without the drawing library, which would be most of it."""
    header, arrays = build_runs(Study(settings), alone(settings, run), landscape(settings.problem(), 0))
    page = standalone_page(header, arrays, table=table, link=LINK)
    page = re.sub(r'(id="(?:plotly|payload)">)[A-Za-z0-9+/=]*', r"\1", page)
    return re.sub(r'(<script type="importmap">).*?(</script>)', r"\1{}\2", page, flags=re.DOTALL)


def _of_training() -> Iterator[tuple[str, str | bytes]]:
    """A model's tables."""
    settings = TrainingSpec(model="linear_regression", steps=8)
    problem = settings.problem()
    trajectory = engine.run(problem, settings.optimizer(), problem.start(), settings.steps)
    segments = [Segment(0, settings)]
    yield "model_summary.csv", summary_csv(trajectory, segments, (0, 1))
    yield "model_full.csv", b"".join(full_csv(trajectory, segments))
