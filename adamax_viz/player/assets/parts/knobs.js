// @ts-check
// Numbers that respond while the thumb moves: a slider, a field and a reset for each.

import { h } from "../base/dom.js";
import { clamp, format } from "../base/format.js";
import { fromPosition, pressed, TICKS, toPosition } from "./knob_scale.js";

/** @type {Record<string, number>} which way an arrow key moves */
const KEYS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };

/**
 * @import { Knob, OnChange } from "../base/types.js"
 * @typedef {object} Row a knob and its elements
 * @property {Knob} knob
 * @property {number} value
 * @property {boolean} locked
 * @property {HTMLInputElement} slider
 * @property {HTMLInputElement} field
 * @property {HTMLButtonElement} reset
 * @property {HTMLElement} element
 */

export class Knobs {
  /** @type {Map<string, Row>} */
  rows = new Map();
  /** @type {string | null} the knob under the thumb: answers from Python must not pull it away */
  held = null;

  /** @param {OnChange} onChange while a thumb moves, and once more when it rests */
  constructor(onChange) {
    this.onChange = onChange;
    this.element = h("div", { class: "al-knobs", role: "group", "aria-label": "Settings that respond live" });
    this.note = h("p", { class: "al-note", role: "status" });
  }

  /**
   * Show these knobs, in order; those that stay keep their elements and the focus.
   * @param {Knob[]} knobs
   * @param {(name: string) => boolean} [isLocked]
   */
  take(knobs, isLocked = () => false) {
    const wanted = new Set(knobs.map((knob) => knob.name));
    for (const [name, row] of this.rows) {
      if (!wanted.has(name)) {
        row.element.remove();
        this.rows.delete(name);
      }
    }
    knobs.forEach((knob, index) => {
      let row = this.rows.get(knob.name);
      if (!row) {
        row = this.build(knob);
        this.rows.set(knob.name, row);
      }
      if (this.element.children[index] !== row.element) {
        this.element.insertBefore(row.element, this.element.children[index] ?? null);
      }
      row.knob = knob;
      row.locked = isLocked(knob.name);
      row.element.classList.toggle("al-locked", row.locked);
      row.slider.disabled = row.field.disabled = row.locked;
      this.update(row, knob.value);
    });
  }

  /**
   * @param {Knob} knob
   * @returns {Row}
   */
  build(knob) {
    const id = `al-${knob.name}`;
    const row = /** @type {Row} */ ({ knob, value: knob.value, locked: false });
    row.slider = h("input", {
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
      onkeydown: (event) => this.fine(event, row),
    });
    row.field = h("input", {
      type: "text",
      inputmode: "decimal",
      class: "al-field",
      "aria-label": `${knob.label}, exact value`,
      onfocus: () => (this.held = knob.name),
      onblur: () => this.type(row),
      onkeydown: (event) => {
        if (event.key === "Enter") this.type(row);
        if (event.key === "Escape") this.update(row, row.knob.value, true);
      },
    });
    row.reset = h(
      "button",
      {
        type: "button",
        class: "al-reset",
        "aria-label": `Reset ${knob.label}`,
        title: "Back to the default",
        onclick: () => this.choose(row, row.knob.default, true),
      },
      "↺",
    );
    row.element = h(
      "div",
      { class: "al-knob", "data-knob": knob.name },
      h("label", { for: id, title: knob.help }, knob.label),
      row.field,
      row.reset,
      row.slider,
    );
    return row;
  }

  /** @param {Row} row @param {number} value */
  update(row, value, force = false) {
    row.value = value;
    row.reset.disabled = row.locked || value === row.knob.default;
    row.slider.setAttribute("aria-valuetext", format(value, 6));
    if (this.held === row.knob.name && !force) return;
    row.slider.value = String(toPosition(row.knob, value));
    row.field.value = String(value);
  }

  /** @param {Row} row @param {boolean} final */
  slide(row, final) {
    this.say("");
    const value = fromPosition(row.knob, Number(row.slider.value));
    row.field.value = String(value);
    this.send(row, value, final);
  }

  /** @param {Row} row */
  release(row) {
    this.held = null;
    this.slide(row, true);
  }

  /**
   * Arrow keys with Shift move ten times as far.
   * @param {KeyboardEvent} event
   * @param {Row} row
   */
  fine(event, row) {
    const by = KEYS[event.key];
    if (!by) return;
    event.preventDefault();
    this.choose(row, pressed(row.knob, row.value, by * (event.shiftKey ? 10 : 1)), true);
  }

  /**
   * What was typed into the field.
   * @param {Row} row
   */
  type(row) {
    this.held = null;
    this.say("");
    const text = row.field.value.trim().replace("−", "-").replace(",", ".");
    const value = Number(text);
    if (text === "" || !Number.isFinite(value)) {
      this.say(`“${row.field.value}” is not a number; ${row.knob.label} stays ${row.value}.`);
      this.update(row, row.value);
      return;
    }
    if (value !== row.value) this.choose(row, value, true);
    else this.update(row, value);
  }

  /** @param {Row} row @param {number} value @param {boolean} final */
  choose(row, value, final) {
    const { kind, least, most, label } = row.knob;
    let wanted = kind === "whole" ? Math.round(value) : value;
    const kept = clamp(wanted, least ?? -Infinity, most ?? Infinity);
    if (kept !== wanted) {
      this.say(
        `${label} was set to ${kept}: it goes from ${format(least ?? -Infinity, 6)} to ${format(most ?? Infinity, 6)}.`,
      );
    }
    wanted = kept;
    this.send(row, wanted, final);
    this.update(row, wanted, true);
  }

  /** @param {Row} row @param {number} value @param {boolean} final */
  send(row, value, final) {
    row.value = value;
    row.reset.disabled = row.locked || value === row.knob.default;
    row.slider.setAttribute("aria-valuetext", format(value, 6));
    this.onChange({ [row.knob.name]: value }, final);
  }

  /** @param {string} words */
  say(words) {
    this.note.textContent = words;
  }
}
