// Numbers that respond while the thumb moves: a slider, a field and a reset for each.

import { button, h } from "../base/dom.js";
import { format } from "../base/format.js";
import { bounded, fromPosition, pressed, TICKS, toPosition, typed } from "./knob_scale.js";

/**
 * @import { Knob, OnChange } from "../base/types.js"
 *
 * @typedef {object} Row a knob in the page
 * @property {Knob} knob
 * @property {number} value
 * @property {HTMLElement} element
 * @property {HTMLInputElement} slider
 * @property {HTMLInputElement} field
 * @property {HTMLButtonElement} reset
 */

/** @type {Record<string, number>} */
const KEYS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };
const FAR = 10; // presses that one with Shift is worth

export class Knobs {
  element = h("div", { class: "al-knobs", role: "group", "aria-label": "Settings that respond live" });
  note = h("p", { class: "al-note", role: "status" });
  /** @type {Map<string, Row>} */
  rows = new Map();
  /** @type {string | null} the knob under the thumb: answers from Python must not pull it away */
  held = null;

  /** @param {OnChange} onChange called while a thumb moves and once more when it rests */
  constructor(onChange) {
    this.onChange = onChange;
  }

  /** @type {(knobs: Knob[], isLocked: (name: string) => boolean) => void} those that stay keep elements and focus */
  take(knobs, isLocked) {
    const before = this.rows;
    this.rows = new Map(knobs.map((knob) => [knob.name, before.get(knob.name) ?? this.build(knob)]));
    for (const [name, { element }] of before) if (!this.rows.has(name)) element.remove();
    [...this.rows.values()].forEach((row, index) => {
      const knob = knobs[index];
      const there = this.element.children[index] ?? null;
      if (there !== row.element) this.element.insertBefore(row.element, there);
      row.knob = knob;
      const locked = isLocked(knob.name);
      row.element.classList.toggle("al-locked", locked);
      row.slider.disabled = row.field.disabled = locked;
      this.show(row, knob.value);
    });
  }

  /** @type {(knob: Knob) => Row} */
  build(knob) {
    const id = `al-${knob.name}`;
    const slider = h("input", {
      type: "range",
      min: 0,
      max: TICKS,
      step: 1,
      id,
      "aria-label": knob.label,
      oninput: () => this.slide(row, false),
      onchange: () => this.slide(row, true),
      onpointerdown: () => (this.held = knob.name),
      onpointerup: () => this.release(row),
      onpointercancel: () => this.release(row),
      onkeydown: (event) => this.press(event, row),
    });
    const field = h("input", {
      type: "text",
      inputmode: "decimal",
      class: "al-field",
      "aria-label": `${knob.label}, exact value`,
      onfocus: () => (this.held = knob.name),
      onblur: () => this.read(row),
      onkeydown: (event) => {
        if (event.key === "Enter") this.read(row);
        if (event.key === "Escape") this.show(row, row.knob.value, true);
      },
    });
    const reset = button(`Reset ${knob.label}`, "↺", () => this.choose(row, row.knob.default), "al-reset");
    reset.title = "Back to the default";
    const label = h("label", { for: id, title: knob.help }, knob.label);
    const element = h("div", { class: "al-knob", "data-knob": knob.name }, label, field, reset, slider);
    /** @type {Row} */
    const row = { knob, value: knob.value, element, slider, field, reset };
    return row;
  }

  /** @type {(row: Row, value: number, force?: boolean) => void} `force`: also while a hand holds it */
  show(row, value, force = false) {
    this.keep(row, value);
    if (this.held === row.knob.name && !force) return;
    row.slider.value = String(toPosition(row.knob, value));
    row.field.value = String(value);
  }

  /** @type {(row: Row, value: number) => void} */
  keep(row, value) {
    row.value = value;
    row.reset.disabled = row.field.disabled || value === row.knob.default;
    row.slider.setAttribute("aria-valuetext", format(value, 6));
  }

  /** @type {(row: Row, final: boolean) => void} */
  slide(row, final) {
    this.note.textContent = "";
    const value = fromPosition(row.knob, Number(row.slider.value));
    row.field.value = String(value);
    this.send(row, value, final);
  }

  /** @param {Row} row */
  release(row) {
    this.held = null;
    this.slide(row, true);
  }

  /** @type {(event: KeyboardEvent, row: Row) => void} arrow keys; with Shift they move ten times as far */
  press(event, row) {
    const by = KEYS[event.key];
    if (!by) return;
    event.preventDefault();
    this.choose(row, pressed(row.knob, row.value, by * (event.shiftKey ? FAR : 1)));
  }

  /** @param {Row} row in whose field something was typed */
  read(row) {
    if (this.held === row.knob.name) this.held = null; // another knob may be under the thumb already
    const value = typed(row.field.value);
    this.note.textContent = typeof value === "string" ? `${value}; ${row.knob.label} stays ${row.value}.` : "";
    if (typeof value === "string" || value === row.value) this.show(row, row.value);
    else this.choose(row, value);
  }

  /** @type {(row: Row, value: number) => void} within the knob's bounds */
  choose(row, value) {
    const [kept, said] = bounded(row.knob, value);
    if (said) this.note.textContent = said;
    this.send(row, kept, true);
    this.show(row, kept, true);
  }

  /** @type {(row: Row, value: number, final: boolean) => void} */
  send(row, value, final) {
    this.keep(row, value);
    this.onChange({ [row.knob.name]: value }, final);
  }
}
