// This step, in numbers: the rows come from Python as MathML with holes; here the holes get the step's numbers.

import { h } from "../base/dom.js";
import { format } from "../base/format.js";
import { nameOf, operand, rests } from "./ledger_step.js";

/** @import { LedgerRow, Run } from "../base/types.js" */

/**
 * The cells of a row for one coordinate; `holes` are where numbers belong, `branches` of which one is taken.
 * @typedef {object} Cells
 * @property {LedgerRow} row
 * @property {number} d
 * @property {{hole: HTMLElement, name: string, before: string | undefined}[]} holes
 * @property {HTMLElement[]} branches
 * @property {HTMLElement} result
 * @property {HTMLElement} line
 */

const TITLE = "This step, in numbers";

export class Ledger {
  /** @type {Run} */
  run;
  /** @type {Cells[]} */
  cells = [];

  constructor() {
    this.title = h("h3", {}, TITLE);
    this.body = h("tbody");
    this.head = h("thead");
    this.element = h(
      "section",
      { class: "al-ledger", "aria-label": TITLE },
      this.title,
      h("div", { class: "al-scroll" }, h("table", {}, this.head, this.body)),
    );
    this.signature = "";
    /** @type {number | null} the step whose numbers stand there */
    this.drawn = null;
  }

  /**
   * Take a run's rows; elements are kept if the rows are the same.
   * @param {Run} run
   */
  take(run) {
    this.run = run;
    this.drawn = null;
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
    const { coordinates } = this.run;
    const line = h(
      "tr",
      { "data-row": row.key, class: "al-row", style: `--row: var(--text-${row.quantity})` },
      h("th", { scope: "row" }, h("span", { class: "al-rowtitle" }, row.title)),
      math(`<mrow>${row.symbol}<mo>=</mo>${row.formula}</mrow>`, "al-formula"),
    );
    for (const d of row.scalar ? [0] : coordinates.keys()) {
      const numbers = math(row.numbers, "al-numbers");
      const result = h("td", { class: "al-result" });
      if (row.scalar) numbers.colSpan = 2 * coordinates.length - 1;
      else numbers.dataset.coordinate = coordinates[d];
      const holes = all(numbers, "[data-of]").map((hole) => ({
        hole,
        name: hole.dataset.of ?? "",
        before: signBefore(hole),
      }));
      this.cells.push({ row, d, holes, branches: all(numbers, "[data-branch]"), result, line });
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
    if (step === this.drawn) return;
    this.drawn = step;
    this.title.textContent = `${TITLE}: ${nameOf(run, step)}`;
    for (const { row, d, holes, branches, result, line } of this.cells) {
      const rest = rests(row.when, run, step);
      line.classList.toggle("al-rests", rest);
      for (const { hole, name, before } of holes) {
        const value = run.value(name, step, d);
        write(hole, operand(value, before), String(value));
      }
      for (const branch of branches) {
        const won = (branch.dataset.branch === "gradient") === run.branch(step, d);
        branch.classList.toggle("al-won", won && !rest);
      }
      const value = run.value(row.result, step, d);
      write(result, rest ? "rests" : format(value, 7), rest ? "" : String(value));
    }
  }
}

/**
 * A cell with a formula.
 * @param {string} body MathML of our own rows, never of a user's text
 * @param {string} name of its class
 */
function math(body, name) {
  const cell = h("td", { class: name });
  cell.innerHTML = `<math displaystyle="true">${body}</math>`;
  return cell;
}

/**
 * @param {HTMLElement} element
 * @param {string} selector
 * @returns {HTMLElement[]}
 */
function all(element, selector) {
  return [...element.querySelectorAll(selector)].map((each) => /** @type {HTMLElement} */ (each));
}

/**
 * The sign in front of a number, if there is one.
 * @param {Element} hole
 */
function signBefore(hole) {
  const before = hole.previousElementSibling;
  return before?.tagName.toLowerCase() === "mo" ? before.textContent ?? undefined : undefined;
}

/**
 * A number as it is read, and all of it as the title; what stays is not laid out anew.
 * @param {HTMLElement} element
 * @param {string} text
 * @param {string} title
 */
function write(element, text, title) {
  if (element.title === title && element.textContent === text) return;
  element.textContent = text;
  element.title = title;
}
