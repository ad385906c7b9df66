// Numbers that respond while the thumb moves: a slider, a field and a reset for each.

import { clamp, format, h } from "../base/dom.js";

const TICKS = 1000;

/** The knob's value as text for its field: exact for whole numbers, else as short as it can be. */
function shown(value) {
  return String(value);
}

function toPosition(knob, value) {
  const { kind, low, high } = knob;
  let part = (value - low) / (high - low);
  if (kind === "log") part = Math.log(Math.max(value, low) / low) / Math.log(high / low);
  if (kind === "decay") part = Math.log(Math.max(1 - value, 1 - high) / (1 - low)) / Math.log((1 - high) / (1 - low));
  return Math.round(clamp(part, 0, 1) * TICKS);
}

function fromPosition(knob, position) {
  const { kind, low, high, step } = knob;
  const part = position / TICKS;
  if (kind === "log") return Number((low * (high / low) ** part).toPrecision(3));
  if (kind === "decay") return beside(1, (1 - low) * ((1 - high) / (1 - low)) ** part);
  const raw = low + part * (high - low);
  if (kind === "whole") return Math.round(raw);
  return Number(clamp(Math.round(raw / step) * step, low, high).toPrecision(6));
}

/** 1 minus a small number, with two digits of that number: 0.999, 0.9985, 0.99992. */
function beside(one, rest) {
  const digits = Math.max(2, 1 - Math.floor(Math.log10(rest)) + 1);
  return Number((one - Number(rest.toPrecision(2))).toFixed(digits));
}

export class Knobs {
  /** `onChange(fields, final)` is called while a thumb moves and once more when it rests. */
  constructor(onChange) {
    this.onChange = onChange;
    this.element = h("div", { class: "al-knobs", role: "group", "aria-label": "Settings that respond live" });
    this.note = h("p", { class: "al-note", role: "status" });
    this.rows = new Map();
    this.held = null; // the knob under the thumb: answers from Python must not pull it away
  }

  /** Show these knobs, in order; those that stay keep their elements and the focus. Some may be locked. */
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

  build(knob) {
    const id = `al-${knob.name}`;
    const row = { knob };
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

  update(row, value, force = false) {
    row.value = value;
    row.reset.disabled = row.locked || value === row.knob.default;
    row.slider.setAttribute("aria-valuetext", format(value, 6));
    if (this.held === row.knob.name && !force) return;
    row.slider.value = toPosition(row.knob, value);
    row.field.value = shown(value);
  }

  slide(row, final) {
    this.say("");
    const value = fromPosition(row.knob, Number(row.slider.value));
    row.field.value = shown(value);
    this.send(row, value, final);
  }

  release(row) {
    this.held = null;
    this.slide(row, true);
  }

  /** Arrow keys with Shift move ten times as far. */
  fine(event, row) {
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const { kind, low, high, step } = row.knob;
    const times = by * (event.shiftKey ? 10 : 1);
    const next = {
      log: () => Number((row.value * 10 ** (times / 50)).toPrecision(3)),
      decay: () => beside(1, (1 - row.value) * 10 ** (-times / 50)),
      whole: () => row.value + times,
      linear: () => Number((row.value + times * step).toPrecision(6)),
    }[kind]();
    this.choose(row, clamp(next, low, high), true);
  }

  type(row) {
    this.held = null;
    this.say("");
    const text = row.field.value.trim().replace("−", "-").replace(",", ".");
    const value = Number(text);
    if (text === "" || !Number.isFinite(value)) {
      this.say(`“${row.field.value}” is not a number; ${row.knob.label} stays ${shown(row.value)}.`);
      this.update(row, row.value);
      return;
    }
    if (value !== row.value) this.choose(row, value, true);
    else this.update(row, value);
  }

  choose(row, value, final) {
    const { kind, least, most, label } = row.knob;
    let wanted = kind === "whole" ? Math.round(value) : value;
    const kept = clamp(wanted, least ?? -Infinity, most ?? Infinity);
    if (kept !== wanted) {
      this.say(`${label} was set to ${kept}: it goes from ${format(least, 6)} to ${format(most, 6)}.`);
    }
    wanted = kept;
    this.send(row, wanted, final);
    this.update(row, wanted, true);
  }

  send(row, value, final) {
    row.value = value;
    row.reset.disabled = row.locked || value === row.knob.default;
    row.slider.setAttribute("aria-valuetext", format(value, 6));
    this.onChange({ [row.knob.name]: value }, final);
  }

  say(words) {
    this.note.textContent = words;
  }
}
