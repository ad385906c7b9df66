// The signs of runs among several: a letter in a shape, on a canvas or as an element; and the legend that toggles them.

import { h } from "../base/dom.js";

/** @import { Path, Pen, Refused, Run, Theme } from "../base/types.js" */

/**
 * The corners of a regular shape around its middle.
 * @param {number} corners
 * @param {number} radius
 * @param {{turn?: number, dent?: number}} [options] `turn` in corners; `dent`: the radius between two corners of a star
 * @returns {[number, number][]}
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
 * @type {{corners: [number, number][] | null, down?: number}[]}
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
const SPACE = "http://www.w3.org/2000/svg";

/**
 * A run's sign on a canvas.
 * @param {Pen} context
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @param {Path} run
 * @param {Theme} theme
 */
export function drawSign(context, x, y, radius, { variant = 0, letter = "" }, theme) {
  const { corners, down = 0 } = SHAPES[variant];
  context.beginPath();
  if (corners) {
    for (const [dx, dy] of corners) context.lineTo(x + dx * radius, y + dy * radius);
    context.closePath();
  } else context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = theme.variants[variant];
  context.strokeStyle = theme.background;
  context.lineWidth = 2;
  context.stroke();
  context.fill();
  context.fillStyle = theme.background;
  context.font = `700 ${Math.round(radius * 1.25)}px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(letter, x, y + 0.5 + down * radius);
}

/**
 * The same as an SVG element in the colour of the theme.
 * @param {number} variant
 * @param {string} letter
 */
function sign(variant, letter) {
  /**
   * @param {string} name
   * @param {Record<string, string | number>} attributes
   */
  const element = (name, attributes) => {
    const created = document.createElementNS(SPACE, name);
    for (const [key, value] of Object.entries(attributes)) created.setAttribute(key, String(value));
    return created;
  };
  const { corners, down = 0 } = SHAPES[variant];
  const text = element("text", { y: 3.5 + 6 * down, "text-anchor": "middle" });
  text.textContent = letter;
  const svg = element("svg", { viewBox: "-10 -10 20 20", class: "al-letter", "aria-hidden": "true" });
  svg.append(
    corners
      ? element("polygon", { points: corners.map(([x, y]) => `${x * 8},${y * 8}`).join(" ") })
      : element("circle", { r: 8 }),
    text,
  );
  return svg;
}

/** A row of runs: a press on the name picks whose arrows and numbers are shown, one on the eye hides the line. */
export class Legend {
  /** @param {{onPick: (letter: string) => void, onToggle: (letter: string) => void}} callbacks */
  constructor({ onPick, onToggle }) {
    this.onPick = onPick;
    this.onToggle = onToggle;
    this.element = h("div", { class: "al-variants", role: "group", "aria-label": "Variants" });
    this.signature = "";
    /** @type {ReturnType<Legend["item"]>[]} */
    this.items = [];
  }

  /**
   * @param {Run[]} runs
   * @param {Refused[]} refused
   * @param {string | undefined} picked the letter of the one in hand
   * @param {(run: Pick<Run, "letter">) => boolean} isShown
   */
  take(runs, refused, picked, isShown) {
    const signature = JSON.stringify([runs.map((run) => [run.letter, run.label]), refused]);
    if (signature !== this.signature) {
      this.signature = signature;
      this.items = runs.map((run) => this.item(run));
      this.element.replaceChildren(...this.items.map(({ element }) => element), ...refused.map(refusal));
    }
    for (const { letter, pick, eye } of this.items) {
      pick.setAttribute("aria-pressed", String(letter === picked));
      const shown = isShown({ letter });
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
        onclick: () => this.onPick(letter),
      },
      sign(variant, letter),
      h("span", {}, label),
    );
    const eye = h("button", {
      type: "button",
      class: "al-eye",
      "aria-label": `Show ${letter}`,
      title: `Show or hide ${letter}`,
      onclick: () => this.onToggle(letter),
    });
    const element = h(
      "span",
      { class: "al-variant", "data-variant": letter, style: `--variant: var(--variant-${variant})` },
      pick,
      eye,
    );
    return { letter, element, pick, eye };
  }
}

/**
 * A run that was refused, with the reason.
 * @param {Refused} refused
 */
function refusal({ variant, letter, label, message }) {
  return h(
    "span",
    {
      class: "al-variant al-refused",
      "data-variant": letter,
      role: "alert",
      style: `--variant: var(--variant-${variant})`,
    },
    sign(variant, letter),
    h("span", {}, `${label}: refused. ${message}`),
  );
}
