// One or two weights of the model, with the same charts and the same ledger as a point on a surface.

import { button, h } from "../../base/dom.js";
import { makeCharts } from "../../base/charts.js";
import { clamp } from "../../base/format.js";
import { arraysOf } from "../../base/payload.js";
import { makeRun } from "../../base/run.js";
import { Panels } from "../charts/panels.js";
import { Ledger } from "../ledger.js";
import { spread, variableOf } from "./payload.js";

/** @import { Chart, Run } from "../../base/types.js" */
/** @import { Taken } from "./types.js" */

export class Parameter {
  /** @type {Taken} */
  taken;
  /** @type {{first: number, run: Run}[]} the picked weights in each stretch of the training */
  runs = [];
  /** @type {Run | null} */
  ledgerRun = null;
  listed = ""; // names of the variables that the field offers
  ledger = new Ledger();
  chips = h("div", { class: "al-chosen" });
  note = h("p", { class: "al-quiet" });
  variable = h("select", { class: "al-speed", "aria-label": "Variable", onchange: () => this.choose(0) });
  /** @type {HTMLInputElement} */
  index = h("input", {
    type: "number",
    class: "al-field",
    min: 0,
    step: 1,
    "aria-label": "Parameter of this variable",
    onchange: () => this.choose(Number(this.index.value)),
  });

  /**
   * @param {ConstructorParameters<typeof Panels>[0]} charts
   * @param {(columns: number[]) => void} onPick when others are chosen
   */
  constructor(charts, onPick) {
    this.onPick = onPick;
    this.panels = new Panels(charts);
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
  }

  /** @param {Taken} taken */
  take(taken) {
    const { header: { pick, steps }, arrays, theme } = taken;
    const picked = arraysOf(arrays, "pick");
    this.taken = taken;
    // Settings may have changed on the way: each stretch has its own constants and rows.
    this.runs = pick.segments.map((segment) => ({
      first: segment.first,
      run: makeRun({ header: { ...pick, ...segment }, arrays: picked }),
    }));
    const { run } = this.runs[this.runs.length - 1];
    const charts = makeCharts(pick.panels, run);
    this.list();
    this.note.textContent = pick.note;
    this.ledger.element.hidden = !pick.exact;
    this.ledgerRun = null;
    if (pick.exact) this.panels.take({ steps, branch: run.branch }, charts, theme);
    else this.takeThinned(run, charts, Array.from(picked.micro_step.data));
  }

  /**
   * A run of which some steps were kept, as charts ask it: by step.
   * @type {(run: Run, charts: Chart[], kept: number[]) => void}
   */
  takeThinned(run, charts, kept) {
    const { header: { steps }, theme } = this.taken;
    const rows = new Map(kept.map((step, row) => [step, row]));
    const branch = (/** @type {number} */ k, /** @type {number} */ d) => run.branch(rows.get(k) ?? NaN, d);
    const at = [...kept, steps];
    const filled = charts.map((chart) => ({
      ...chart,
      lines: chart.lines.map((line) => ({
        ...line,
        values: spread(line.values, at.slice(0, line.values.length), steps),
      })),
    }));
    this.panels.take({ steps, branch }, filled, theme);
  }

  /** The fields and the chips that say which weights are picked. */
  list() {
    const { header: { variables, picked }, name } = this.taken;
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
      const drop = () => this.onPick(picked.filter((other) => other !== each));
      const leaveOut = button(`Leave out ${name(each)}`, "×", drop, "al-reset");
      const label = `${"ab"[i]} = ${name(each)}`;
      return h("span", { class: `al-which al-which-${i}` }, label, picked.length > 1 ? leaveOut : null);
    }));
  }

  /**
   * A number typed or a variable chosen: it takes the first place.
   * @param {number} index of the parameter in its variable
   */
  choose(index) {
    const { variables, picked } = this.taken.header;
    const { first, size } = variables[Number(this.variable.value)];
    const kept = clamp(Math.round(index) || 0, 0, size - 1);
    this.index.value = String(kept);
    this.onPick([first + kept, ...picked.slice(1).filter((other) => other !== first + kept)]);
  }

  /** @type {(position: number, step: number, withLedger: boolean) => void} */
  draw(position, step, withLedger) {
    this.panels.draw(position, step);
    if (!withLedger || !this.taken.header.pick.exact) return;
    const { run } = this.runs.findLast(({ first }) => first <= step) ?? this.runs[0];
    if (run !== this.ledgerRun) this.ledger.take(run);
    this.ledgerRun = run;
    this.ledger.draw(step);
  }
}
