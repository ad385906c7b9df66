"""The same runs without a browser: ``run``, ``surfaces`` and ``verify``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Column, Table

from adamax_viz.limits import LIMITS
from adamax_viz.problems.surfaces.catalogue import CATALOGUE
from adamax_viz.runs.run import Run, run_of
from adamax_viz.study.fields import settings_of
from adamax_viz.study.link import from_json, from_query, parse_query, to_query, validated
from adamax_viz.study.spec import DEFAULTS, RunSpec
from adamax_viz.study.wrong_values import Decoded, shortened

OK, DIFFERENT, USAGE = 0, 1, 2
PROGRESS_FROM = 5_000  # steps; shorter runs are over before a bar is drawn

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code: 0 fine, 1 Keras differs, 2 wrong usage."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.command(arguments))
    except (OSError, ValueError, RuntimeError) as error:
        err.print(f"adamax_viz: {error}", markup=False, style="red")
        return USAGE
    except KeyboardInterrupt:
        err.print("adamax_viz: stopped; nothing was written.", markup=False)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="adamax_viz", description="Run keras.optimizers.Adamax, exactly, on a surface."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="run Adamax and write every step as CSV")
    _add_settings(run)
    run.add_argument("--csv", metavar="FILE", help="write the steps here ('-' for standard output)")
    run.set_defaults(command=_run)
    commands.add_parser("surfaces", help="list the surfaces").set_defaults(command=_surfaces)
    verify = commands.add_parser("verify", help="compare the run with the installed keras.optimizers.Adamax")
    _add_settings(verify)
    verify.set_defaults(command=_verify)
    return parser


def _add_settings(parser: argparse.ArgumentParser) -> None:
    """One option for each field of `RunSpec`; explicit options win over --link, --link over --settings."""
    parser.add_argument("--settings", metavar="FILE.json", help="start from these settings")
    parser.add_argument("--link", metavar="URL", help="start from a link of the app, or its query string")
    shapes: dict[str, dict[str, Any]] = {
        "start": {"nargs": 2, "metavar": ("X", "Y")},
        "domain": {"nargs": 4, "metavar": ("X0", "X1", "Y0", "Y1")},
        "boundaries": {"nargs": "+", "metavar": "STEP"},
        "values": {"nargs": "+", "metavar": "RATE"},
        "parameters": {"nargs": "+", "metavar": "NAME=VALUE"},
    }
    for name, default in DEFAULTS.items():
        text = f"{settings_of(RunSpec)[name].help} (default {default})".replace("%", "%%")
        usual = {"action": argparse.BooleanOptionalAction} if isinstance(default, bool) else {"metavar": "VALUE"}
        options = {"help": text, "default": argparse.SUPPRESS} | shapes.get(name, usual)
        parser.add_argument(f"--{name.replace('_', '-')}", **options)


def _settings(arguments: argparse.Namespace) -> RunSpec:
    """The settings of file, link and options.

    What a file or a link has wrong is said and left at its default; a wrong option is an error.
    """
    base: dict[str, Any] = {}
    if arguments.settings:
        base |= _complain(from_json(_start_of(arguments.settings))).differences()
    if arguments.link:
        # A default that is named counts too.
        names = {name.partition(".")[0] for name in parse_query(arguments.link)[0]}
        linked = _complain(from_query(arguments.link)).model_dump()
        base |= {name: value for name, value in linked.items() if name in names}
    given = {name: value for name, value in vars(arguments).items() if name in DEFAULTS}
    for text in given.get("parameters", []):
        if "=" not in text:
            raise ValueError(f"--parameters takes NAME=VALUE, not “{shortened(text)}”.")
    if "parameters" in given:
        given["parameters"] = dict(text.split("=", 1) for text in given["parameters"])
    decoded = validated(base | given)
    if decoded.complaints:
        raise ValueError(" ".join(decoded.complaints))
    return decoded.settings


def _start_of(file: str) -> bytes:
    """What is read of a file of settings: enough to see that it is too long."""
    with Path(file).open("rb") as source:
        return source.read(LIMITS.settings_bytes + 1)


def _complain(decoded: Decoded[RunSpec]) -> RunSpec:
    """The spec, after what was wrong with it is printed."""
    for complaint in decoded.complaints:
        err.print(f"adamax_viz: {complaint}", markup=False, style="yellow")
    return decoded.settings


def _run(arguments: argparse.Namespace) -> int:
    settings = _settings(arguments)
    columns = (TextColumn("Adamax"), BarColumn(), MofNCompleteColumn(), TextColumn("steps"), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=settings.steps < PROGRESS_FROM) as bar:
        task = bar.add_task("run", total=settings.steps)
        run = run_of(settings, progress=lambda done: bar.update(task, completed=done))
    if arguments.csv == "-":
        run.to_csv(sys.stdout)
        return OK
    _summary(settings, run)
    if arguments.csv:
        run.to_csv(arguments.csv)
        out.print(f"  written     {arguments.csv}", markup=False)
    return OK


def _summary(settings: RunSpec, run: Run) -> None:
    start, end = run["theta"][0, 0], run["theta"][0, -1]
    surface = settings.the_surface()
    lines = {
        "surface": surface.title,
        "run": str(run.status[0]),
        "from": f"({start[0]:.6g}, {start[1]:.6g})  loss {run['loss'][0, 0]:.6g}",
        "to": f"({end[0]:.6g}, {end[1]:.6g})  loss {run['loss'][0, -1]:.6g}",
        "link": to_query(settings),
    }
    for name, text in lines.items():
        out.print(f"  {name:<10}  {text}", markup=False)


def _surfaces(_: argparse.Namespace) -> int:
    whole = (Column(words, no_wrap=True) for words in ("surface", "starts at"))
    table = Table(*whole, "what it teaches", box=None, pad_edge=False)
    for name, surface in CATALOGUE.items():
        x, y = surface.starts[0]
        table.add_row(name, f"({x:g}, {y:g})", surface.teaches)
    Console(highlight=False).print(table)
    return OK


def _verify(arguments: argparse.Namespace) -> int:
    from adamax_viz.parity.verdicts import Failure, judge

    verdict = judge(_settings(arguments))
    if isinstance(verdict, Failure):
        raise ValueError(verdict.words)
    out.print(f"  {verdict.ended}", markup=False)
    out.print("  against " + ", ".join(f"{name} {version}" for name, version in verdict.versions.items()), markup=False)
    numbers = (Column(words, justify="right") for words in ("largest difference", "at step", "relative to its peak"))
    table = Table("quantity", *numbers, box=None, pad_edge=False)
    for name, apart in verdict.differences.items():
        quantity = "weights" if name == "theta" else name
        table.add_row(quantity, f"{apart.largest:.3g}", str(apart.step), f"{apart.relative_to_peak:.3g}")
    out.print(table)
    result = "matches Keras to" if verdict.matches else "differs from Keras by more than"
    out.print(f"  {result} {verdict.allowed:g}")
    return OK if verdict.matches else DIFFERENT
