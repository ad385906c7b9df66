// The signs of runs among several: a letter in a shape, on a canvas or as an element; and the legend that toggles them.

import { h } from "../base/dom.js";
import { shape } from "../base/icons.js";
import { changes } from "../base/pace.js";
import { dot, polygon, write } from "../base/plot/pen.js";

/**
 * @import { Attributes } from "../base/dom.js"
 * @import { Pair, Path, Pen, Refused, Run, Theme } from "../base/types.js"
 * @import { Runs } from "../scenes/runs.js"
 */

const RADIUS = 7.5; // pixels of a sign on a canvas

/**
 * The corners of a regular shape around its middle; `turn` in corners, `dent`: a star's radius between two of them.
 * @type {(corners: number, radius: number, options?: {turn?: number, dent?: number}) => Pair[]}
 */
function regular(corners, radius, { turn = 0, dent = 0 } = {}) {
  const count = dent ? 2 * corners : corners;
  return Array.from({ length: count }, (_, i) => {
    const angle = (2 * Math.PI * (i + turn)) / count - Math.PI / 2;
    const far = dent && i % 2 ? dent : radius;
    return [far * Math.cos(angle), far * Math.sin(angle)];
  });
}

/**
 * A letter's shape: corners around its middle, none for a circle; `down` is how much lower the letter stands.
 * @type {{corners: Pair[] | null, down?: number}[]}
 */
const SHAPES = [
  { corners: null },
  { corners: [[-0.84, -0.84], [0.84, -0.84], [0.84, 0.84], [-0.84, 0.84]] },
  { corners: [[0, -1.22], [1.16, 0.8], [-1.16, 0.8]], down: 0.16 },
  { corners: [[0, -1.2], [1.2, 0], [0, 1.2], [-1.2, 0]] },
  { corners: regular(5, 1.12), down: 0.04 },
  { corners: regular(6, 1.08) },
  { corners: [[0, 1.22], [1.16, -0.8], [-1.16, -0.8]], down: -0.16 },
  { corners: regular(5, 1.36, { dent: 0.82 }), down: 0.04 },
  { corners: [[-1.2, -0.68], [1.2, -0.68], [1.2, 0.68], [-1.2, 0.68]] },
  { corners: regular(8, 1.06, { turn: 0.5 }) },
  { corners: [[-0.62, -0.9], [0.62, -0.9], [1.2, 0.84], [-1.2, 0.84]], down: 0.06 },
  { corners: regular(4, 1.34, { turn: 1, dent: 0.8 }) },
];

/** @type {(context: Pen, place: number[], run: Path, theme: Theme) => void} a run's sign on a canvas */
export function drawSign(context, [x, y], { variant = 0, letter = "" }, theme) {
  const { corners, down = 0 } = SHAPES[variant];
  const points = corners?.map(([dx, dy]) => [x + dx * RADIUS, y + dy * RADIUS]);
  for (const rim of [theme.background, undefined]) { // the rim lies around it
    if (points) polygon(context, points, theme.variants[variant], rim);
    else dot(context, [x, y], RADIUS, theme.variants[variant], rim);
  }
  const font = `700 ${Math.round(RADIUS * 1.25)}px ${theme.font}`;
  write(context, letter, [x, y + 0.5 + down * RADIUS], { font, colour: theme.background, align: "center" });
}

/** @type {(variant: number, letter: string) => SVGElement} the same as an element in the colour of the theme */
function sign(variant, letter) {
  const { corners, down = 0 } = SHAPES[variant];
  const text = shape("text", { y: 3.5 + 6 * down, "text-anchor": "middle" });
  text.textContent = letter;
  const svg = shape("svg", { viewBox: "-10 -10 20 20", class: "al-letter", "aria-hidden": "true" });
  const points = corners?.map(([x, y]) => `${x * 8},${y * 8}`).join(" ");
  svg.append(points ? shape("polygon", { points }) : shape("circle", { r: 8 }), text);
  return svg;
}

/** A row of runs: a press on the name picks whose arrows and numbers are shown, one on the eye hides the line. */
export class Legend {
  element = h("div", { class: "al-variants", role: "group", "aria-label": "Variants" });
  isNew = changes();
  /** @type {ReturnType<Legend["item"]>[]} */
  items = [];

  /** @param {Runs} scene */
  constructor(scene) {
    this.scene = scene;
  }

  /** @param {Runs} scene */
  take({ runs, header: { refused }, run: picked, selection }) {
    if (this.isNew([runs.map((run) => [run.letter, run.label]), refused])) {
      this.items = runs.map((run) => this.item(run));
      this.element.replaceChildren(...this.items.map(({ element }) => element), ...refused.map(refusal));
    }
    for (const { letter, pick, eye } of this.items) {
      pick.setAttribute("aria-pressed", String(letter === picked.letter));
      const shown = selection.isShown({ letter });
      eye.setAttribute("aria-pressed", String(shown));
      eye.textContent = shown ? "●" : "○";
    }
  }

  /** @param {Run} run */
  item({ variant = 0, letter = "", label }) {
    const pick = h(
      "button",
      {
        type: "button",
        class: "al-pick",
        title: `Arrows and numbers of ${letter}`,
        "aria-label": `${letter}: ${label}`,
        onclick: () => this.scene.pick(letter),
      },
      sign(variant, letter),
      h("span", {}, label),
    );
    const eye = h("button", {
      type: "button",
      class: "al-eye",
      "aria-label": `Show ${letter}`,
      title: `Show or hide ${letter}`,
      onclick: () => this.scene.toggle(letter),
    });
    return { letter, pick, eye, element: chip(variant, letter, {}, pick, eye) };
  }
}

/** @param {Refused} refused a run that was refused, with the reason */
function refusal({ variant, letter, label, message }) {
  const words = h("span", {}, `${label}: refused. ${message}`);
  return chip(variant, letter, { class: "al-variant al-refused", role: "alert" }, sign(variant, letter), words);
}

/** @type {(variant: number, letter: string, attributes: Attributes, ...children: Element[]) => HTMLElement} */
function chip(variant, letter, attributes, ...children) {
  const style = `--variant: var(--variant-${variant})`;
  return h("span", { class: "al-variant", "data-variant": letter, style, ...attributes }, ...children);
}
