"""What a screen shows of a link's study: which of its runs, which charts, how many steps."""

from adamax_viz.limits import LIMITS
from adamax_viz.study.study import LETTERS, Study
from adamax_viz.views.run.panels import KEYS, KEYS_ALONE

PANELS, TARGET = "panels", "target"  # parameters of a link: keys of charts, and the letter of the run in hand


def run_of_letter(letter: str | None, study: Study) -> int | None:
    """Which of several runs a letter means; None if none, or if there is but one."""
    letters = [] if study.is_one else list(LETTERS[: len(study.variants)])
    return letters.index(letter) if letter in letters else None


def known_charts(text: str | None, study: Study) -> tuple[str, ...] | None:
    """The keys of charts in a link's list; None if there is no list."""
    return None if text is None else tuple(key for key in text.split(",") if key in chart_keys(study))


def chart_keys(study: Study) -> tuple[str, ...]:
    """The keys of the charts that there are for a study."""
    return KEYS_ALONE if study.is_one else KEYS


def on_screen(study: Study) -> tuple[Study, list[str]]:
    """A study with no more steps than a screen shows, and a sentence where there were more."""
    most = LIMITS.shown_steps if study.is_one else LIMITS.compared_steps
    steps = {"": study.base.steps}
    steps |= {f"{LETTERS[i]}: ": changes["steps"] for i, changes in enumerate(study.variants) if "steps" in changes}
    words = "{}{} steps are more than the screen shows; {} were kept. The command line runs them all."
    complaints = [words.format(where, asked, most) for where, asked in steps.items() if asked > most]
    if complaints:
        variants = [{n: min(v, most) if n == "steps" else v for n, v in each.items()} for each in study.variants]
        base = study.base.changed(steps=min(study.base.steps, most))
        study = study._replace(base=base, variants=tuple(variants))
    return study, complaints
