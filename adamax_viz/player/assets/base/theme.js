// Colours of the current theme: Streamlit's variables for the page, our table of tokens for quantities.

import { contextOf } from "./dom.js";
import { rgb } from "./plot/colour.js";

/** @import { Theme, Tokens } from "./types.js" */

/** @param {string} colour whatever CSS understands */
function luminance(colour) {
  const probe = contextOf(document.createElement("canvas"));
  probe.fillStyle = colour || "#fff";
  const plain = probe.fillStyle; // as #rrggbb or rgba(…); pixels some browsers alter against fingerprinting
  const [red, green, blue] = plain.startsWith("#") ? rgb(plain) : (plain.match(/[\d.]+/g) ?? []).map(Number);
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
}

/** @type {(element: Element, tokens: Record<"light" | "dark", Tokens>) => Theme} for an element inside the app */
export function readTheme(element, tokens) {
  const style = getComputedStyle(element);
  const background = style.getPropertyValue("--st-background-color").trim();
  const name = luminance(background) < 0.5 ? "dark" : "light";
  const table = tokens[name];
  return {
    ...table,
    name,
    background: background || table.background,
    font: style.getPropertyValue("--st-font").trim() || style.fontFamily,
    line: (quantity) => table.quantities[quantity].line,
    text: (quantity) => table.quantities[quantity].text,
  };
}

/** @type {(root: HTMLElement, theme: Theme) => void} as CSS variables, so that HTML, MathML and charts agree */
export function applyTheme(root, theme) {
  root.dataset.theme = theme.name;
  document.documentElement.dataset.quantities = theme.name; // formulas outside the player follow, too
  for (const [name, { line, text }] of Object.entries(theme.quantities)) {
    root.style.setProperty(`--line-${name}`, line);
    root.style.setProperty(`--text-${name}`, text);
  }
  theme.variants.forEach((colour, i) => root.style.setProperty(`--variant-${i}`, colour));
  const { ink, quiet, grid, panel, minimum } = theme;
  for (const [name, colour] of Object.entries({ ink, quiet, grid, panel, minimum })) {
    root.style.setProperty(`--${name}`, colour);
  }
}
