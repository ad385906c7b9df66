// One or two weights of the model, with the same charts and the same ledger as a point on a surface.

import { h } from "../../base/dom.js";
import { Ledger } from "../ledger.js";
import { Panels } from "../charts/panels.js";
import { arraysOf, makeCharts, makeRun } from "../../base/run.js";
import { spread } from "../../base/training.js";

export class Parameter {
  /** `onPick(columns)` when others are chosen, `onJump(step)` from a chart. */
  constructor({ onPick, onJump, across }) {
    this.onPick = onPick;
    this.panels = new Panels({ onJump, across });
    this.ledger = new Ledger();
    this.chips = h("div", { class: "al-chosen" });
    this.note = h("p", { class: "al-quiet" });
    this.variable = h("select", { class: "al-speed", "aria-label": "Variable", onchange: () => this.typed(0) });
    this.index = h("input", {
      type: "number",
      class: "al-field",
      min: 0,
      step: 1,
      "aria-label": "Parameter of this variable",
      onchange: () => this.typed(Number(this.index.value)),
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
  }

  update(header, arrays, theme, name) {
    const { pick } = header;
    Object.assign(this, { header, name, kept: pick.exact ? null : arrays["pick.micro_step"].data });
    this.list(header);
    // Settings may have changed on the way: each stretch has its own constants and rows.
    this.runs = pick.segments.map((segment) => ({
      first: segment.first,
      run: makeRun({ header: { ...pick, ...segment }, arrays: arraysOf(arrays, "pick") }, null),
    }));
    const { run } = this.runs.at(-1);
    this.note.textContent = pick.note;
    this.ledger.element.hidden = !pick.exact;
    this.shownRun = null;
    this.panels.take(this.inSteps(run), this.charts(run), theme);
  }

  /** The run as charts see it: by step, also where only some steps were kept. */
  inSteps(run) {
    const { header, kept } = this;
    const rows = kept && new Map(Array.from(kept, (step, row) => [step, row]));
    const branch = (k, d) => (rows ? rows.has(k) && run.branch(rows.get(k), d) : run.branch(k, d));
    return { steps: header.steps, branch };
  }

  charts(run) {
    const { header, kept } = this;
    const made = makeCharts(header.pick.panels, run);
    if (!kept) return made;
    const at = [...kept, header.steps];
    const line = (one) => ({ ...one, values: spread(one.values, at.slice(0, one.values.length), header.steps) });
    return made.map((chart) => ({ ...chart, lines: chart.lines.map(line) }));
  }

  list({ variables, picked }) {
    const key = variables.map((v) => v.name).join();
    if (key !== this.key) {
      this.key = key;
      this.variable.replaceChildren(...variables.map((v, i) => h("option", { value: i }, v.name)));
    }
    const [column] = picked;
    const at = variables.findIndex((v) => column >= v.first && column < v.first + v.size);
    this.variable.value = at;
    this.index.max = variables[at].size - 1;
    if (document.activeElement !== this.index) this.index.value = column - variables[at].first;
    this.chips.replaceChildren(
      ...picked.map((one, i) =>
        h(
          "span",
          { class: `al-which al-which-${i}` },
          `${"ab"[i]} = ${this.name(one)}`,
          picked.length > 1
            ? h("button", {
              type: "button",
              class: "al-reset",
              "aria-label": `Leave out ${this.name(one)}`,
              title: "Leave out",
              onclick: () => this.onPick(picked.filter((other) => other !== one)),
            }, "×")
            : null,
        )
      ),
    );
  }

  /** A number typed or a variable chosen: it takes the first place. */
  typed(index) {
    const { variables, picked } = this.header;
    const variable = variables[Number(this.variable.value)];
    const kept = Math.min(Math.max(0, Math.round(index) || 0), variable.size - 1);
    this.index.value = kept;
    const column = variable.first + kept;
    this.onPick([column, ...picked.slice(1).filter((other) => other !== column)]);
  }

  drawCharts(position, step) {
    this.panels.draw(position, step);
  }

  drawLedger(step) {
    if (this.ledger.element.hidden) return;
    const { run } = this.runs.findLast(({ first }) => first <= step) ?? this.runs[0];
    if (run !== this.shownRun) this.ledger.take(run);
    this.shownRun = run;
    this.ledger.draw(step);
  }
}
