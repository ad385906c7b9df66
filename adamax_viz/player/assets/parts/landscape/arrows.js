// The arrows at the head of a run, gradient, moment and step, and the chips that switch them on and off.

import { h } from "../../base/dom.js";

/**
 * @import { Path, Pen, Run } from "../../base/types.js"
 * @import { Look } from "./paths.js"
 * @typedef {"grad" | "grad_clipped" | "m" | "step" | "ema"} Drawable
 * @typedef {Record<Drawable, boolean>} Switches
 */

/** @type {{name: Exclude<Drawable, "ema">, label: string, title: string, sign: number}[]} */
const ARROWS = [
  { name: "grad", label: "−g", title: "against the gradient", sign: -1 },
  { name: "grad_clipped", label: "−ĝ", title: "against the clipped gradient", sign: -1 },
  { name: "m", label: "−m", title: "against the first moment", sign: -1 },
  { name: "step", label: "Δ", title: "the step taken, and the box of ± its two parts around the head", sign: 1 },
];
const LONGEST = 92; // pixels of the longest gradient or moment arrow
const BOX = 26; // pixels that a step of one learning rate has at least: smaller ones are enlarged

/**
 * The arrows of a step at the head; gives how many times the step is enlarged.
 * @param {Pen} context
 * @param {Run} run
 * @param {number[]} head
 * @param {number} step
 * @param {Look & {shown: Switches, concealed: boolean}} look
 */
export function drawArrows(context, run, head, step, { at, theme, bold, shown, concealed }) {
  const [x, y] = [at.x(head[0]), at.y(head[1])];
  // A step of one learning rate is at least BOX pixels long; what that takes is said below the picture.
  const natural = Math.abs(run.rate(step)) * Math.min(at.perX, at.perY);
  const enlarged = natural > 0 && natural < BOX ? Math.max(1, Math.round(BOX / natural)) : 1;
  if (shown.step && !concealed) {
    const [dx, dy] = [run.step(step, 0) * at.perX * enlarged, run.step(step, 1) * at.perY * enlarged];
    if (Number.isFinite(dx) && Number.isFinite(dy)) {
      context.strokeStyle = theme.line("lr_t");
      context.lineWidth = 1.2;
      context.setLineDash([4, 3]);
      context.strokeRect(x - Math.abs(dx), y - Math.abs(dy), 2 * Math.abs(dx), 2 * Math.abs(dy));
      context.setLineDash([]);
    }
  }
  for (const { name, sign } of ARROWS) {
    if (!shown[name] || (name === "grad_clipped" && !run.clipped)) continue;
    if (concealed && name !== "grad") continue;
    const values = [0, 1].map((d) => sign * run[name](step, d));
    let [dx, dy] = [values[0] * at.perX, -values[1] * at.perY];
    if (name === "step") [dx, dy] = [dx * enlarged, dy * enlarged];
    else {
      const length = Math.hypot(dx, dy);
      // Gradients span decades: the length shows the cube root, the direction is true.
      const share = Math.cbrt(Math.hypot(...values) / run.largest);
      const pixels = LONGEST * Math.min(1, share);
      [dx, dy] = length > 0 ? [(dx / length) * pixels, (dy / length) * pixels] : [0, 0];
    }
    arrow(context, x, y, dx, dy, name === "step" ? theme.ink : theme.line(name), bold);
  }
  return shown.step && !concealed ? enlarged : 1;
}

/**
 * @param {Pen} context
 * @param {number} x
 * @param {number} y
 * @param {number} dx
 * @param {number} dy
 * @param {string} colour
 * @param {number} bold
 */
function arrow(context, x, y, dx, dy, colour, bold) {
  const length = Math.hypot(dx, dy);
  if (!(length > 1.5)) return;
  const [ux, uy] = [dx / length, dy / length];
  const tip = Math.min(9 * bold, length * 0.6);
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = 2.4 * bold;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + dx - ux * tip * 0.8, y + dy - uy * tip * 0.8);
  context.stroke();
  context.beginPath();
  context.moveTo(x + dx, y + dy);
  context.lineTo(x + dx - ux * tip - uy * tip * 0.5, y + dy - uy * tip + ux * tip * 0.5);
  context.lineTo(x + dx - ux * tip + uy * tip * 0.5, y + dy - uy * tip - ux * tip * 0.5);
  context.fill();
}

/**
 * How many times the step is enlarged, in words; "" if it is not.
 * @param {number} times
 */
export function enlargement(times) {
  return times > 1 ? `Δ and its box drawn ×${times}` : "";
}

/** Switches for what is drawn at the head; `shown` says which are on. */
export class Chips {
  /** @param {() => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    /** @type {Switches} */
    this.shown = { grad: true, grad_clipped: true, m: true, step: true, ema: true };
    this.signature = "";
    this.enlarged = h("span", { class: "al-magnified" });
    this.element = h("div", { class: "al-chips", role: "group", "aria-label": "What is drawn at the head" });
  }

  /**
   * Switch on these alone, or all if null.
   * @param {string[] | null} names
   */
  choose(names) {
    for (const name of /** @type {Drawable[]} */ (Object.keys(this.shown))) {
      this.shown[name] = names === null || names.includes(name);
    }
    this.signature = "";
  }

  /**
   * Those of a run, as [name, label, title].
   * @param {Run} run
   * @returns {[Drawable, string, string][]}
   */
  of(run) {
    /** @type {[Drawable, string, string][]} */
    const arrows = ARROWS.filter(({ name }) => name !== "grad_clipped" || run.clipped)
      .map(({ name, label, title }) => [name, label, title]);
    return run.hasEma ? [...arrows, ["ema", "θ̄", "the average's path"]] : arrows;
  }

  /**
   * Take a run, and others beside it whose names stand after the chips.
   * @param {Run} run
   * @param {Path[]} beside
   */
  take(run, beside) {
    const named = beside.filter(({ label }) => label);
    const wanted = this.of(run);
    const signature = [...wanted.map(([name]) => name), ...named.map(({ label }) => label)].join();
    if (signature === this.signature) return;
    this.signature = signature;
    const names = named.map(({ letter, label, variant }) =>
      h("span", { class: "al-beside", style: `color: var(--variant-${variant})` }, `${letter} ${label}`)
    );
    this.element.replaceChildren(...wanted.map((chip) => this.build(...chip)), ...names, this.enlarged);
  }

  /**
   * @param {Drawable} name
   * @param {string} label
   * @param {string} title
   */
  build(name, label, title) {
    const chip = h(
      "button",
      {
        type: "button",
        class: "al-chip",
        title: `Show ${title}`,
        "aria-pressed": String(this.shown[name]),
        style: `--chip: var(--text-${name})`,
        onclick: () => {
          this.shown[name] = !this.shown[name];
          chip.setAttribute("aria-pressed", String(this.shown[name]));
          this.onChange();
        },
      },
      label,
    );
    return chip;
  }

  /**
   * Say how many times the step is enlarged.
   * @param {number} enlarged
   */
  draw(enlarged) {
    const words = enlargement(enlarged);
    if (this.enlarged.textContent !== words) this.enlarged.textContent = words;
  }
}
