// One or two weights of the model, with the same charts and the same ledger as a point on a surface.

import { button, h } from "../../base/dom.js";
import { makeCharts } from "../../base/charts.js";
import { clamp } from "../../base/format.js";
import { changes } from "../../base/pace.js";
import { arraysOf } from "../../base/payload.js";
import { makeRun } from "../../base/run.js";
import { Panels } from "../charts/panels.js";
import { Ledger } from "../ledger.js";
import { nameOf, spread, variableOf } from "./payload.js";

/**
 * @import { Run } from "../../base/types.js"
 * @import { Training } from "../../scenes/training.js"
 * @import { Across } from "../charts/panels.js"
 */

export class Parameter {
  /** @type {{first: number, run: Run}[]} the picked weights in each stretch of the training */
  runs = [];
  isNew = changes();
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
   * @param {Training} scene
   * @param {Across} across
   */
  constructor(scene, across) {
    this.scene = scene;
    this.panels = new Panels(scene.root, across);
    this.ledger = new Ledger(scene);
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

  take() {
    const { payload: { header: { pick, steps }, arrays }, root: { theme } } = this.scene;
    const picked = arraysOf(arrays, "pick");
    // Settings may have changed on the way: each stretch has its own constants and rows.
    this.runs = pick.segments.map(({ first, ...segment }) => ({
      first,
      run: makeRun({ header: { ...pick, ...segment }, arrays: picked }),
    }));
    const { run } = this.runs[this.runs.length - 1];
    let charts = makeCharts(pick.panels, run);
    let { branch } = run;
    if (!pick.exact) {
      // Some steps were kept; charts ask by step.
      const kept = Array.from(picked.micro_step.data);
      const rows = new Map(kept.map((step, row) => [step, row]));
      branch = (k, d) => run.branch(rows.get(k) ?? NaN, d);
      charts = charts.map((chart) => ({
        ...chart,
        lines: chart.lines.map((line) => ({ ...line, values: spread(line.values, [...kept, steps], steps) })),
      }));
    }
    this.list();
    this.note.textContent = pick.note;
    this.ledger.element.hidden = !pick.exact;
    this.panels.take({ steps, branch }, charts, theme);
  }

  /** The fields and the chips that say which weights are picked. */
  list() {
    const { variables, picked } = this.scene.payload.header;
    const names = variables.map(({ name }) => name);
    if (this.isNew(names)) this.variable.replaceChildren(...names.map((name, i) => h("option", { value: i }, name)));
    const [column] = picked;
    const at = variableOf(variables, column);
    this.variable.value = String(at);
    this.index.max = String(variables[at].size - 1);
    if (document.activeElement !== this.index) this.index.value = String(column - variables[at].first);
    this.chips.replaceChildren(...picked.map((each, i) => {
      const name = nameOf(variables, each);
      const drop = () => this.scene.choose(picked.filter((other) => other !== each));
      const leaveOut = button(`Leave out ${name}`, "×", drop, "al-reset");
      const label = `${"ab"[i]} = ${name}`;
      return h("span", { class: `al-which al-which-${i}` }, label, picked.length > 1 ? leaveOut : null);
    }));
  }

  /** @param {number} index typed, or the first of a variable chosen: that parameter takes the first place */
  choose(index) {
    const { variables, picked } = this.scene.payload.header;
    const { first, size } = variables[Number(this.variable.value)];
    const kept = clamp(Math.round(index) || 0, 0, size - 1);
    this.index.value = String(kept);
    this.scene.choose([first + kept, ...picked.slice(1).filter((other) => other !== first + kept)]);
  }

  /** @type {(position: number, step: number) => void} */
  draw(position, step) {
    this.panels.draw(position, step);
    if (!this.scene.payload.header.pick.exact) return;
    const { run } = this.runs.findLast(({ first }) => first <= step) ?? this.runs[0];
    if (run !== this.ledger.run) this.ledger.take({ run });
    this.ledger.draw(position, step);
  }
}
