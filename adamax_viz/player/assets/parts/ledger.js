// This step, in numbers: the rows come from Python as MathML with holes; here the holes get the step's numbers.

import { h } from "../base/dom.js";
import { format } from "../base/format.js";
import { changes, paced } from "../base/pace.js";

/**
 * @import { LedgerRow, Run } from "../base/types.js"
 * @import { Transport } from "./transport.js"
 */

const TITLE = "This step, in numbers";
const EVERY = 100; // milliseconds: while it plays nobody reads sixty tables a second

export class Ledger {
  /** @type {Run} */
  run;
  /** @type {((step: number) => void)[]} each writes a row's numbers of a step, for one coordinate */
  writers = [];
  isNew = changes();
  isDue = paced(EVERY);
  drawn = -1; // the step whose numbers stand there
  title = h("h3", {}, TITLE);
  head = h("thead");
  body = h("tbody");
  element = h(
    "section",
    { class: "al-ledger", "aria-label": TITLE },
    this.title,
    h("div", { class: "al-scroll" }, h("table", {}, this.head, this.body)),
  );

  /** @param {{transport: Transport}} scene */
  constructor({ transport }) {
    this.transport = transport;
  }

  /** @param {{run: Run}} scene whose run's rows are taken; elements are kept if the rows are the same */
  take({ run }) {
    this.run = run;
    this.drawn = -1;
    if (!this.isNew([run.coordinates, run.ledger])) return;
    const heads = ["", "formula", ...run.coordinates.flatMap((name) => [name, ""])];
    this.head.replaceChildren(h("tr", {}, ...heads.map((text) => h("th", { scope: "col" }, text))));
    this.writers = [];
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
      const holes = all(numbers, "[data-of]").map((hole) => {
        const sign = hole.previousElementSibling;
        return { hole, name: hole.dataset.of ?? "", before: sign?.localName === "mo" ? sign.textContent : "" };
      });
      const branches = all(numbers, "[data-branch]");
      this.writers.push((step) => {
        const { run } = this;
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
      });
      line.append(numbers, result);
    }
    return line;
  }

  /** @type {(position: number, step: number) => void} */
  draw(_, step) {
    const { run, drawn } = this;
    const shown = Math.min(step, run.steps - 1);
    if (shown === drawn || (drawn >= 0 && !this.isDue(this.transport.playing))) return;
    this.drawn = shown;
    this.title.textContent = `${TITLE}: ${nameOf(run, shown)}`;
    for (const writeRow of this.writers) writeRow(shown);
  }
}

/** @type {(element: HTMLElement, text: string, title: string) => void} what stays as it is is not laid out anew */
function write(element, text, title) {
  if (element.title === title && element.textContent === text) return;
  element.textContent = text;
  element.title = title;
}

/** @type {(body: string, name: string) => HTMLTableCellElement} of MathML of our own rows, never of a user's text */
function math(body, name) {
  const cell = h("td", { class: name });
  cell.innerHTML = `<math displaystyle="true">${body}</math>`;
  return cell;
}

/** @type {(element: HTMLElement, selector: string) => HTMLElement[]} */
function all(element, selector) {
  return Array.from(element.querySelectorAll(selector));
}

/** @type {(when: LedgerRow["when"], run: Run, step: number) => boolean} whether a row's stage does not act at a step */
export function rests(when, run, step) {
  if (when === "always") return false;
  return { update: !run.isUpdate(step), overwrite: !run.isOverwrite(step), applied: run.isSkipped(step) }[when];
}

/** @type {(value: number, before?: string | null) => string} in brackets where a minus would follow a sign before it */
export function operand(value, before) {
  const text = format(value, 5);
  return value < 0 && before && "−+·".includes(before) ? `(${text})` : text;
}

/** @type {(run: Run, step: number) => string} which step it is, and whose */
export function nameOf({ windows, steps, isUpdate, update, letter, label }, step) {
  const whose = letter ? `${letter}, ${label}, ` : "";
  if (windows <= 1) return `${whose}step ${step}${step === steps - 1 ? ", the last" : ""}`;
  const part = isUpdate(step) ? `update ${update(step)}` : `on the way to update ${update(step)}`;
  return `${whose}micro-step ${step}, ${part}`;
}
