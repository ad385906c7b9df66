// Of several runs: whose arrows and numbers are shown, and which lines are hidden.

/** @import { RunsHeader, SurfaceRun } from "../base/types.js" */

export class Selection {
  /** @type {SurfaceRun[]} */
  runs = [];
  /** @type {Set<string>} letters */
  hidden = new Set();
  picked = 0; // the variant in hand
  study = ""; // whose runs they are, and how many
  /** @type {string | null | undefined} the letter of the run that the knobs move */
  target = undefined;

  /** @type {(runs: SurfaceRun[], header: Pick<RunsHeader, "named" | "refused" | "target">) => void} */
  take(runs, { named, refused, target }) {
    const study = `${runs.length + refused.length} ${named}`;
    this.runs = runs;
    if (study !== this.study) this.begin(); // letters stand for other runs now
    this.study = study;
    if (target === this.target) return;
    this.target = target;
    this.pickLetter(target); // its arrows and numbers are looked for
  }

  /** All runs, the first that shows something of its own in hand. */
  begin() {
    this.hidden.clear();
    this.target = undefined;
    const telling = this.runs.length > 1 && this.runs.find((run) => run.clipped || run.hasEma);
    this.picked = (telling || this.runs[0])?.variant ?? this.picked;
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

  /** @param {string | null} letter */
  pickLetter(letter) {
    this.picked = this.runs.find((run) => run.letter === letter)?.variant ?? this.picked;
  }

  /** @type {(letter: string) => void} hide a run or show it again; one always stays */
  toggle(letter) {
    if (this.hidden.has(letter)) this.hidden.delete(letter);
    else if (this.shown.length > 1) this.hidden.add(letter);
  }
}
