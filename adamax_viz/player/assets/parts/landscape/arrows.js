// The arrows at the head of a run, gradient, moment and step, and the chips that switch them on and off.

import { h } from "../../base/dom.js";
import { line, polygon } from "../../base/plot/pen.js";
import { changes } from "../../base/pace.js";

/**
 * @import { Path, Pen, Run } from "../../base/types.js"
 * @import { Landscape } from "./landscape.js"
 * @import { Look } from "./paths.js"
 *
 * @typedef {"grad" | "grad_clipped" | "m" | "step"} Arrow
 * @typedef {Record<Arrow | "ema", boolean>} Switches
 * @typedef {{name: keyof Switches, label: string, title: string}} Chip
 */

/** @type {(Chip & {name: Arrow, sign: number})[]} */
const ARROWS = [
  { name: "grad", label: "−g", title: "against the gradient", sign: -1 },
  { name: "grad_clipped", label: "−ĝ", title: "against the clipped gradient", sign: -1 },
  { name: "m", label: "−m", title: "against the first moment", sign: -1 },
  { name: "step", label: "Δ", title: "the step taken, and the box of ± its two parts around the head", sign: 1 },
];
/** @type {Chip} */
const AVERAGE = { name: "ema", label: "θ̄", title: "the average's path" };
const LONGEST = 92; // pixels of the longest gradient or moment arrow
const BOX = 26; // pixels that a step of one learning rate has at least: smaller ones are enlarged

/**
 * The arrows of a step; `head` is in pixels. Gives how many times the step is enlarged.
 * @type {(context: Pen, run: Run, head: number[], step: number, look: Look) => number}
 */
export function drawArrows(context, run, head, step, { at, theme, bold, shown, concealed }) {
  // A step of one learning rate is at least BOX pixels long; what that takes is said below the picture.
  const natural = Math.abs(run.rate(step)) * Math.min(at.perX, at.perY);
  const enlarged = natural > 0 && natural < BOX ? Math.max(1, Math.round(BOX / natural)) : 1;
  const [width, height] = [at.perX, at.perY].map((per, d) => Math.abs(run.step(step, d) * per * enlarged));
  if (shown.step && !concealed && Number.isFinite(width + height)) {
    context.strokeStyle = theme.line("lr_t");
    context.lineWidth = 1.2;
    context.setLineDash([4, 3]);
    context.strokeRect(head[0] - width, head[1] - height, 2 * width, 2 * height);
    context.setLineDash([]);
  }
  for (const { name, sign } of arrowsOf(run)) {
    if (!shown[name] || (concealed && name !== "grad")) continue;
    const [x, y] = [0, 1].map((d) => sign * run[name](step, d));
    const way = [x * at.perX, -y * at.perY];
    // Gradients span decades: the length shows the cube root, the direction is true.
    const length = LONGEST * Math.min(1, Math.cbrt(Math.hypot(x, y) / run.largest));
    const [times, colour] = name === "step"
      ? [enlarged, theme.ink]
      : [length / (Math.hypot(...way) || 1), theme.line(name)];
    arrow(context, head, way.map((side) => side * times), colour, bold);
  }
  return shown.step && !concealed ? enlarged : 1;
}

/** @param {Run} run that may have nothing to clip */
function arrowsOf({ clipped }) {
  return ARROWS.filter(({ name }) => name !== "grad_clipped" || clipped);
}

/** @type {(context: Pen, place: number[], way: number[], colour: string, bold: number) => void} */
function arrow(context, [x, y], [dx, dy], colour, bold) {
  const length = Math.hypot(dx, dy);
  if (!(length > 1.5)) return;
  const [ux, uy] = [dx / length, dy / length];
  const tip = Math.min(9 * bold, length * 0.6);
  const [baseX, baseY] = [x + dx - ux * tip, y + dy - uy * tip];
  const half = tip * 0.5;
  line(context, [[x, y], [x + dx - ux * tip * 0.8, y + dy - uy * tip * 0.8]], { colour, width: 2.4 * bold });
  const corners = [[x + dx, y + dy], [baseX - uy * half, baseY + ux * half], [baseX + uy * half, baseY - ux * half]];
  polygon(context, corners, colour);
}

/** @param {number} times that the step is enlarged */
export function enlargement(times) {
  return times > 1 ? `Δ and its box drawn ×${times}` : "";
}

/** Switches for what is drawn at the head; `shown` says which are on. */
export class Chips {
  shown = { grad: true, grad_clipped: true, m: true, step: true, ema: true };
  isNew = changes();
  enlarged = h("span", { class: "al-magnified" });
  element = h("div", { class: "al-chips", role: "group", "aria-label": "What is drawn at the head" });

  /** @param {Landscape} landscape */
  constructor(landscape) {
    this.landscape = landscape;
  }

  /** @param {string[] | null} names of those that are switched on alone; null for all */
  choose(names) {
    for (const { name } of [...ARROWS, AVERAGE]) this.shown[name] = names?.includes(name) ?? true;
    this.isNew(null);
    this.take(this.landscape.run, this.landscape.beside);
  }

  /** @type {(run: Run) => Chip[]} */
  of(run) {
    return [...arrowsOf(run), ...(run.hasEma ? [AVERAGE] : [])];
  }

  /** @type {(run: Run, beside: Path[]) => void} the names of those beside it stand after the chips */
  take(run, beside) {
    const named = beside.filter(({ label }) => label);
    const wanted = this.of(run);
    if (!this.isNew([wanted, named.map(({ label }) => label)])) return;
    const names = named.map(({ letter, label, variant }) =>
      h("span", { class: "al-beside", style: `color: var(--variant-${variant})` }, `${letter} ${label}`)
    );
    this.element.replaceChildren(...wanted.map((chip) => this.build(chip)), ...names, this.enlarged);
  }

  /** @type {(chip: Chip) => HTMLElement} */
  build({ name, label, title }) {
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
          this.landscape.scene.root.draw();
        },
      },
      label,
    );
    return chip;
  }

  /** @param {number} enlarged how many times the step is */
  draw(enlarged) {
    const words = enlargement(enlarged);
    if (this.enlarged.textContent !== words) this.enlarged.textContent = words;
  }
}
