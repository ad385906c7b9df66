// @ts-check
// This step, in numbers: the rows come from Python as MathML with holes; here the holes get the step's numbers.

import { format, h } from "../base/dom.js";

/**
 * Whether a number follows a sign, so that a minus of its own needs brackets.
 * @param {Element} hole
 */
function isOperand(hole) {
  const before = hole.previousElementSibling;
  return before?.tagName.toLowerCase() === "mo" && "−+·".includes(before.textContent);
}

/**
 * @import { LedgerRow, Run } from "../base/types.js"
 * @typedef {object} Cell the numbers of a row, of one coordinate
 * @property {LedgerRow} row
 * @property {number} d
 * @property {[HTMLElement, string][]} holes elements that hold numbers, and which
 * @property {HTMLElement[]} branches of the max
 * @property {HTMLElement} result
 * @property {HTMLElement} line
 */

export class Ledger {
  /** @type {Run} */
  run;
  /** @type {number | null} */
  shown = null;
  /** @type {Cell[]} */
  cells = [];
  signature = "";

  constructor() {
    this.title = h("h3", {}, "This step, in numbers");
    this.body = h("tbody");
    this.head = h("thead");
    this.table = h("table", {}, this.head, this.body);
    this.element = h(
      "section",
      { class: "al-ledger", "aria-label": "This step, in numbers" },
      this.title,
      h("div", { class: "al-scroll" }, this.table),
    );
  }

  /**
   * Take a run's rows; elements are kept if the rows are the same.
   * @param {Run} run
   */
  take(run) {
    this.run = run;
    this.shown = null;
    const signature = JSON.stringify([run.coordinates, run.ledger]);
    if (signature === this.signature) return;
    this.signature = signature;
    const heads = ["", "formula", ...run.coordinates.flatMap((name) => [name, ""])];
    this.head.replaceChildren(h("tr", {}, ...heads.map((text) => h("th", { scope: "col" }, text))));
    this.cells = [];
    this.body.replaceChildren(...run.ledger.map((row) => this.build(row)));
  }

  /** @param {LedgerRow} row */
  build(row) {
    const math = (/** @type {string} */ body) => {
      const cell = h("td");
      cell.innerHTML = `<math displaystyle="true">${body}</math>`; // MathML of our own rows, never of a user's text
      return cell;
    };
    const line = h("tr", { "data-row": row.key, class: "al-row", style: `--row: var(--text-${row.quantity})` });
    const name = h("th", { scope: "row" }, h("span", { class: "al-rowtitle" }, row.title));
    const symbol = h("td", { class: "al-formula" });
    symbol.innerHTML = `<math displaystyle="true"><mrow>${row.symbol}<mo>=</mo>${row.formula}</mrow></math>`;
    line.append(name, symbol);
    for (const d of row.scalar ? [0] : this.run.coordinates.keys()) {
      const numbers = math(row.numbers);
      const result = h("td", { class: "al-result" });
      numbers.className = "al-numbers";
      if (row.scalar) numbers.colSpan = 2 * this.run.coordinates.length - 1;
      else numbers.dataset.coordinate = this.run.coordinates[d];
      /** @type {NodeListOf<HTMLElement>} */
      const named = numbers.querySelectorAll("[data-of]");
      /** @type {[HTMLElement, string][]} */
      const holes = Array.from(named, (hole) => [hole, hole.dataset.of ?? ""]);
      /** @type {HTMLElement[]} */
      const branches = Array.from(numbers.querySelectorAll("[data-branch]"));
      this.cells.push({ row, d, holes, branches, result, line });
      line.append(numbers, result);
    }
    return line;
  }

  /**
   * The numbers of a step.
   * @param {number} step
   */
  draw(step) {
    const { run } = this;
    if (step === this.shown) return;
    this.shown = step;
    const update = run.isUpdate(step);
    const which = run.windows > 1
      ? `micro-step ${step}, ${update ? `update ${run.update(step)}` : `on the way to update ${run.update(step)}`}`
      : `step ${step}${step === run.steps - 1 ? ", the last" : ""}`;
    this.title.textContent = `This step, in numbers: ${run.letter ? `${run.letter}, ${run.label}, ` : ""}${which}`;
    for (const { row, d, holes, branches, result, line } of this.cells) {
      const rests = (row.when === "update" && !update) || (row.when === "overwrite" && !run.isOverwrite(step)) ||
        (row.when === "applied" && run.isSkipped(step));
      line.classList.toggle("al-rests", rests);
      for (const [hole, name] of holes) {
        const value = run.value(name, step, d);
        const text = format(value, 5);
        hole.textContent = value < 0 && isOperand(hole) ? `(${text})` : text;
        hole.title = String(value);
      }
      for (const branch of branches) {
        const won = (branch.dataset.branch === "gradient") === Boolean(run.branch(step, d));
        branch.classList.toggle("al-won", won && !rests);
      }
      const value = run.value(row.result, step, d);
      result.textContent = rests ? "rests" : format(value, 7);
      result.title = rests ? "" : String(value);
    }
  }
}
