// The signs of the variants: a letter in a shape, drawn on a canvas or as an element, and the legend that toggles them.

import { h } from "../base/dom.js";

// Corners on a circle of radius 1; A is round.
const SHAPES = [
  null,
  [[-0.84, -0.84], [0.84, -0.84], [0.84, 0.84], [-0.84, 0.84]],
  [[0, -1.22], [1.16, 0.8], [-1.16, 0.8]],
  [[0, -1.2], [1.2, 0], [0, 1.2], [-1.2, 0]],
];
const SPACE = "http://www.w3.org/2000/svg";

/** A variant's sign on a canvas. */
export function drawSign(context, x, y, radius, run, theme) {
  context.beginPath();
  const corners = SHAPES[run.variant];
  if (corners) {
    corners.forEach(([dx, dy], i) => context[i ? "lineTo" : "moveTo"](x + dx * radius, y + dy * radius));
    context.closePath();
  } else context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = theme.variants[run.variant];
  context.strokeStyle = theme.background;
  context.lineWidth = 2;
  context.stroke();
  context.fill();
  context.fillStyle = theme.background;
  context.font = `700 ${Math.round(radius * 1.25)}px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(run.letter, x, y + 0.5 + (run.variant === 2 ? radius * 0.16 : 0));
}

/** The same as an SVG element in the colour of the theme. */
function sign(variant, letter) {
  const element = (name, attributes) => {
    const made = document.createElementNS(SPACE, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const svg = element("svg", { viewBox: "-10 -10 20 20", class: "al-sign", "aria-hidden": "true" });
  const corners = SHAPES[variant];
  svg.append(
    corners
      ? element("polygon", { points: corners.map(([x, y]) => `${x * 8},${y * 8}`).join(" ") })
      : element("circle", { r: 8 }),
  );
  const text = element("text", { y: variant === 2 ? 4.5 : 3.5, "text-anchor": "middle" });
  text.textContent = letter;
  svg.append(text);
  return svg;
}

/** A row of variants: a press on the name picks whose arrows and numbers are shown, one on the eye hides the line. */
export class Legend {
  constructor({ onPick, onToggle }) {
    Object.assign(this, { onPick, onToggle });
    this.element = h("div", { class: "al-legend", role: "group", "aria-label": "Variants" });
    this.signature = null;
  }

  update(runs, refused, picked, isShown) {
    const signature = JSON.stringify([runs.map((run) => [run.letter, run.label]), refused]);
    if (signature !== this.signature) {
      this.signature = signature;
      this.items = runs.map((run) => this.item(run));
      this.element.replaceChildren(...this.items.map(({ element }) => element), ...refused.map(refusal));
    }
    for (const { run: { letter }, pick, eye } of this.items) {
      pick.setAttribute("aria-pressed", String(letter === picked));
      const shown = isShown({ letter });
      eye.setAttribute("aria-pressed", String(shown));
      eye.textContent = shown ? "●" : "○";
    }
  }

  item(run) {
    const { variant, letter, label } = run;
    const pick = h(
      "button",
      {
        type: "button",
        class: "al-pick",
        title: `Arrows and numbers of ${letter}`,
        onclick: () => this.onPick(letter),
      },
      sign(variant, letter),
      h("span", {}, label),
    );
    pick.setAttribute("aria-label", `${letter}: ${label}`);
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
    return { run, element, pick, eye };
  }
}

/** A variant that was refused, with the reason. */
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
