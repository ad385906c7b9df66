// Of several runs: whose arrows and numbers are shown, and which lines are hidden.

/** @import { RunsHeader, SurfaceRun } from "../base/types.js" */

export class Selection {
  /** @type {SurfaceRun[]} */
  runs = [];
  /** @type {Set<string>} letters */
  hidden = new Set();
  picked = 0; // the variant in hand
  /** @type {string | null | undefined} the letter of the run that the knobs move */
  target = undefined;
  study = ""; // whose runs they are, and how many

  /**
   * Take the runs of a study; those of another, or more or fewer of them, have other letters.
   * @param {SurfaceRun[]} runs
   * @param {Pick<RunsHeader, "named" | "refused" | "target">} header
   */
  take(runs, { named, refused, target }) {
    const study = `${runs.length + refused.length} ${named}`;
    this.runs = runs;
    if (study !== this.study) this.begin();
    this.study = study;
    this.aim(target);
  }

  /** All runs, the first that shows something of its own in hand. */
  begin() {
    this.hidden.clear();
    this.target = undefined;
    const telling = this.runs.length > 1 && this.runs.find((run) => run.clipped || run.hasEma);
    this.pick(telling || this.runs[0]);
  }

  /**
   * Whom the knobs move: when that changes, its arrows and numbers are looked for.
   * @param {string | null} target
   */
  aim(target) {
    if (target === this.target) return;
    this.target = target;
    this.pick(this.runs.find((run) => run.letter === target));
  }

  /** The run in hand; the first if that one did not run this time. */
  get run() {
    return this.runs.find((run) => run.variant === this.picked) ?? this.runs[0];
  }

  /** Those that are not hidden. */
  get shown() {
    return this.runs.filter((run) => this.isShown(run));
  }

  /** @param {{letter?: string}} run */
  isShown({ letter = "" }) {
    return !this.hidden.has(letter);
  }

  /** @param {SurfaceRun | undefined} run */
  pick(run) {
    this.picked = run?.variant ?? this.picked;
  }

  /** @param {string} letter */
  pickLetter(letter) {
    this.pick(this.runs.find((run) => run.letter === letter));
  }

  /**
   * Hide a run or show it again; one always stays.
   * @param {string} letter
   */
  toggle(letter) {
    if (this.hidden.has(letter)) this.hidden.delete(letter);
    else if (this.shown.length > 1) this.hidden.add(letter);
  }
}
