// A canvas context that writes SVG: what people take home is drawn by the code that draws the screen.

import { contextOf } from "../base/dom.js";

const ANCHOR = { left: "start", start: "start", center: "middle", right: "end", end: "end" };
// Parts of the letters' size that a baseline lies above theirs: viewers disagree about dominant-baseline.
const DROP = { alphabetic: 0, bottom: -0.2, middle: 0.35, top: 0.8 };

/** What `save` keeps, as of a canvas; `clipped` is the name of the clip. */
const STYLE = {
  strokeStyle: "#000",
  fillStyle: "#000",
  lineWidth: 1,
  globalAlpha: 1,
  font: "10px sans-serif",
  textAlign: /** @type {keyof ANCHOR} */ ("left"),
  textBaseline: /** @type {keyof DROP} */ ("alphabetic"),
  lineJoin: "miter",
  dash: "",
  clipped: "",
  x: 0,
  y: 0,
};

/**
 * @typedef {"save" | "restore" | "translate" | "setLineDash"} Stateful
 * @typedef {"beginPath" | "moveTo" | "lineTo" | "closePath" | "rect" | "arc" | "clip"} Outline
 * @typedef {"stroke" | "fill" | "strokeRect" | "fillRect" | "fillText"} Visible
 * @typedef {Pick<CanvasRenderingContext2D, Stateful | Outline | Visible>} Verbs
 * @typedef {(source: string, x: number, y: number, width: number, height: number) => void} Embed lays another SVG of
 *     its own size, or a picture by its data URL, at a place of this one
 * @typedef {{measureText: (text: string) => {width: number}, embed: Embed, toString: () => string}} Own
 * @typedef {typeof STYLE & Verbs & Own} SvgContext
 */

/** @type {CanvasRenderingContext2D | null} */
let ruler = null;

/** @type {(text: string, font: string) => number} how wide words are on this screen, in pixels */
function widthOnScreen(text, font) {
  ruler ??= contextOf(document.createElement("canvas"));
  ruler.font = font;
  return ruler.measureText(text).width;
}

/**
 * What the player's drawing code asks of a context, as SVG elements in the order they are drawn.
 * @type {(width: number, height: number, widthOf?: typeof widthOnScreen) => SvgContext}
 */
export function makeSvg(width, height, widthOf = widthOnScreen) {
  /** @type {string[]} */
  const parts = [];
  /** @type {string[]} */
  let path = [];
  /** @type {(typeof STYLE)[]} */
  const saved = [];
  let clips = 0;
  const at = (/** @type {number} */ x, /** @type {number} */ y) => `${short(x + pen.x)} ${short(y + pen.y)}`;
  const within = () => (pen.clipped ? ` clip-path="url(#${pen.clipped})"` : "");
  const add = (/** @type {string} */ tag, /** @type {string} */ attributes, body = "") => {
    const faint = pen.globalAlpha < 1 ? ` opacity="${short(pen.globalAlpha)}"` : "";
    parts.push(`<${tag} ${attributes}${faint}${within()}${body ? `>${body}</${tag}>` : "/>"}`);
  };
  /** @type {SvgContext} */
  const pen = {
    ...STYLE,
    save() {
      saved.push({ ...pen });
    },
    restore() {
      Object.assign(pen, saved.pop());
    },
    translate(x, y) {
      pen.x += x;
      pen.y += y;
    },
    setLineDash(dash) {
      pen.dash = [...dash].join(" ");
    },
    beginPath() {
      path = [];
    },
    moveTo(x, y) {
      path.push(`M${at(x, y)}`);
    },
    lineTo(x, y) {
      path.push(`${path.length ? "L" : "M"}${at(x, y)}`);
    },
    closePath() {
      path.push("z");
    },
    rect(x, y, width, height) {
      path.push(`M${at(x, y)}h${short(width)}v${short(height)}h${short(-width)}z`);
    },
    // Whole circles only: nothing here draws another arc.
    arc(x, y, radius) {
      const half = `a${short(radius)} ${short(radius)} 0 1 0 `;
      path.push(`M${at(x - radius, y)}${half}${short(2 * radius)} 0${half}${short(-2 * radius)} 0z`);
    },
    clip() {
      const name = `clip${++clips}`;
      parts.push(`<clipPath id="${name}"${within()}><path d="${path.join("")}"/></clipPath>`);
      pen.clipped = name;
    },
    stroke() {
      const dash = pen.dash ? ` stroke-dasharray="${pen.dash}"` : "";
      const style = `stroke="${pen.strokeStyle}" stroke-width="${pen.lineWidth}" stroke-linejoin="${pen.lineJoin}"`;
      if (path.length) add("path", `d="${path.join("")}" fill="none" ${style}${dash}`);
    },
    fill() {
      if (path.length) add("path", `d="${path.join("")}" fill="${pen.fillStyle}"`);
    },
    strokeRect(...box) {
      pen.beginPath();
      pen.rect(...box);
      pen.stroke();
    },
    fillRect(...box) {
      pen.beginPath();
      pen.rect(...box);
      pen.fill();
    },
    measureText(text) {
      return { width: widthOf(text, pen.font) };
    },
    fillText(text, x, y) {
      const [, weight, size, family] = pen.font.match(/^(?:(\w+) )?([\d.]+)px (.*)$/) ?? [];
      const down = DROP[pen.textBaseline] * Number(size);
      const font = `font-family="${escaped(family)}" font-size="${size}"${weight ? ` font-weight="${weight}"` : ""}`;
      const place = `x="${short(x + pen.x)}" y="${short(y + down + pen.y)}" text-anchor="${ANCHOR[pen.textAlign]}"`;
      add("text", `${place} ${font} fill="${pen.fillStyle}"`, escaped(String(text)));
    },
    embed(source, x, y, width, height) {
      const corner = `x="${short(x + pen.x)}" y="${short(y + pen.y)}"`;
      if (source.startsWith("<svg")) parts.push(source.replace("<svg", `<svg ${corner}`));
      else add("image", `${corner} width="${width}" height="${height}" href="${source}"`);
    },
    toString() {
      const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
      return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${parts.join("\n")}</svg>`;
    },
  };
  return pen;
}

/** @param {number} value */
function short(value) {
  return String(Math.round(value * 100) / 100);
}

// XML has no letter for these, however they are written.
// deno-lint-ignore no-control-regex
const NO_LETTERS = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

/** @param {string} text */
function escaped(text) {
  return text.toWellFormed().replaceAll(NO_LETTERS, "\ufffd").replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
