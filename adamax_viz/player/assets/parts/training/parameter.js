// One or two weights of the model, with the same charts and the same ledger as a point on a surface.

import { h } from "../../base/dom.js";
import { makeCharts } from "../../base/charts.js";
import { arraysOf } from "../../base/payload.js";
import { makeRun } from "../../base/run.js";
import { Panels } from "../charts/panels.js";
import { Ledger } from "../ledger.js";
import { spread, variableOf } from "./payload.js";

/** @import { Arrays, Chart, Run, Theme } from "../../base/types.js" */
/** @import { NameOf, TrainingHeader } from "./types.js" */

/**
 * What is shown: the picked weights as a run for each stretch of the training.
 * @typedef {object} Picked
 * @property {TrainingHeader} header
 * @property {{first: number, run: Run}[]} runs
 */

export class Parameter {
  /**
   * @param {object} callbacks
   * @param {(columns: number[]) => void} callbacks.onPick when others are chosen
   * @param {(step: number) => void} callbacks.onJump from a chart
   * @param {(width: number) => number} callbacks.across how many charts lie side by side
   */
  constructor({ onPick, onJump, across }) {
    this.onPick = onPick;
    this.panels = new Panels({ onJump, across });
    this.ledger = new Ledger();
    this.chips = h("div", { class: "al-chosen" });
    this.note = h("p", { class: "al-quiet" });
    this.variable = h("select", { class: "al-speed", "aria-label": "Variable", onchange: () => this.choose(0) });
    /** @type {HTMLInputElement} */
    this.index = h("input", {
      type: "number",
      class: "al-field",
      min: 0,
      step: 1,
      "aria-label": "Parameter of this variable",
      onchange: () => this.choose(Number(this.index.value)),
    });
    this.element = h(
      "section",
      { class: "al-section al-parameter", "aria-label": "Single parameters" },
      h("h3", {}, "Single parameters"),
      h(
        "div",
        { class: "al-choose" },
        h("label", {}, "Show ", this.variable),
        h("label", {}, " number ", this.index),
        this.chips,
      ),
      this.note,
      this.panels.element,
      this.ledger.element,
    );
    /** @type {Picked | null} */
    this.picked = null;
    /** @type {Run | null} */
    this.ledgerRun = null;
    this.listed = ""; // names of the variables that the field offers
  }

  /**
   * @param {TrainingHeader} header
   * @param {Arrays} arrays
   * @param {Theme} theme
   * @param {NameOf} name
   */
  take(header, arrays, theme, name) {
    const { pick, steps } = header;
    const picked = arraysOf(arrays, "pick");
    // Settings may have changed on the way: each stretch has its own constants and rows.
    const runs = pick.segments.map((segment) => ({
      first: segment.first,
      run: makeRun({ header: { ...pick, ...segment }, arrays: picked }),
    }));
    const { run } = runs[runs.length - 1];
    const charts = makeCharts(pick.panels, run);
    this.picked = { header, runs };
    this.list(header, name);
    this.note.textContent = pick.note;
    this.ledger.element.hidden = !pick.exact;
    this.ledgerRun = null;
    if (pick.exact) this.panels.take({ steps, branch: run.branch }, charts, theme);
    else {
      const kept = Array.from(arrays["pick.micro_step"].data);
      this.panels.take(atAllSteps(run, kept, steps), chartsAtAllSteps(charts, kept, steps), theme);
    }
  }

  /**
   * The fields and the chips that say which weights are picked.
   * @param {TrainingHeader} header
   * @param {NameOf} name
   */
  list({ variables, picked }, name) {
    const listed = variables.map((variable) => variable.name).join();
    if (listed !== this.listed) {
      this.listed = listed;
      this.variable.replaceChildren(...variables.map((variable, i) => h("option", { value: i }, variable.name)));
    }
    const [column] = picked;
    const at = variableOf(variables, column);
    this.variable.value = String(at);
    this.index.max = String(variables[at].size - 1);
    if (document.activeElement !== this.index) this.index.value = String(column - variables[at].first);
    this.chips.replaceChildren(...picked.map((each, i) => {
      const leaveOut = h("button", {
        type: "button",
        class: "al-reset",
        "aria-label": `Leave out ${name(each)}`,
        title: "Leave out",
        onclick: () => this.onPick(picked.filter((other) => other !== each)),
      }, "×");
      const label = `${"ab"[i]} = ${name(each)}`;
      return h("span", { class: `al-which al-which-${i}` }, label, picked.length > 1 ? leaveOut : null);
    }));
  }

  /**
   * A number typed or a variable chosen: it takes the first place.
   * @param {number} index of the parameter in its variable
   */
  choose(index) {
    if (!this.picked) return;
    const { variables, picked } = this.picked.header;
    const { first, size } = variables[Number(this.variable.value)];
    const kept = Math.min(Math.max(0, Math.round(index) || 0), size - 1);
    this.index.value = String(kept);
    this.onPick([first + kept, ...picked.slice(1).filter((other) => other !== first + kept)]);
  }

  /**
   * @param {number} position
   * @param {number} step
   */
  drawCharts(position, step) {
    this.panels.draw(position, step);
  }

  /** @param {number} step */
  drawLedger(step) {
    if (this.ledger.element.hidden || !this.picked) return;
    const { runs } = this.picked;
    const { run } = runs.findLast(({ first }) => first <= step) ?? runs[0];
    if (run !== this.ledgerRun) this.ledger.take(run);
    this.ledgerRun = run;
    this.ledger.draw(step);
  }
}

/**
 * A run of which some steps were kept, as charts ask it: by step.
 * @param {Run} run
 * @param {number[]} kept
 * @param {number} steps
 */
function atAllSteps(run, kept, steps) {
  const rows = new Map(kept.map((step, row) => [step, row]));
  const branch = (/** @type {number} */ k, /** @type {number} */ d) => {
    const row = rows.get(k);
    return row !== undefined && run.branch(row, d);
  };
  return { steps, branch };
}

/**
 * @param {Chart[]} charts
 * @param {number[]} kept
 * @param {number} steps
 */
function chartsAtAllSteps(charts, kept, steps) {
  const at = [...kept, steps];
  return charts.map((chart) => ({
    ...chart,
    lines: chart.lines.map((line) => ({
      ...line,
      values: spread(line.values, at.slice(0, line.values.length), steps),
    })),
  }));
}
