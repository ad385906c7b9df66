// A canvas context that writes SVG: what people take home is drawn by the code that draws the screen.

import { contextOf } from "../base/dom.js";

const ANCHOR = { left: "start", start: "start", center: "middle", right: "end", end: "end" };
// Parts of the letters' size that a baseline lies above theirs: viewers disagree about dominant-baseline.
const DROP = { alphabetic: 0, bottom: -0.2, middle: 0.35, top: 0.8 };

/** @type {CanvasRenderingContext2D | null} */
let ruler = null;

/**
 * How wide words are on this screen, in pixels.
 * @param {string} text
 * @param {string} font
 */
function widthOnScreen(text, font) {
  ruler ??= contextOf(document.createElement("canvas"));
  ruler.font = font;
  return ruler.measureText(text).width;
}

/** What the player's drawing code asks of a context, as SVG elements in the order they are drawn. */
export class SvgContext {
  // What `save` keeps, as of a canvas.
  strokeStyle = "#000";
  fillStyle = "#000";
  lineWidth = 1;
  globalAlpha = 1;
  font = "10px sans-serif";
  /** @type {keyof ANCHOR} */
  textAlign = "left";
  /** @type {keyof DROP} */
  textBaseline = "alphabetic";
  lineJoin = "miter";
  dash = "";
  clipped = ""; // the name of the clip
  x = 0;
  y = 0;

  #width;
  #height;
  #widthOf;
  /** @type {string[]} */
  #parts = [];
  /** @type {string[]} */
  #path = [];
  /** @type {object[]} */
  #saved = [];
  #clips = 0;

  /**
   * @param {number} width
   * @param {number} height
   * @param {(text: string, font: string) => number} [widthOf] of words in pixels
   */
  constructor(width, height, widthOf = widthOnScreen) {
    this.#width = width;
    this.#height = height;
    this.#widthOf = widthOf;
  }

  save() {
    this.#saved.push({ ...this });
  }

  restore() {
    Object.assign(this, this.#saved.pop());
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  translate(x, y) {
    this.x += x;
    this.y += y;
  }

  /** @param {number[]} dash */
  setLineDash(dash) {
    this.dash = dash.join(" ");
  }

  beginPath() {
    this.#path = [];
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  moveTo(x, y) {
    this.#path.push(`M${this.#at(x, y)}`);
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  lineTo(x, y) {
    this.#path.push(`${this.#path.length ? "L" : "M"}${this.#at(x, y)}`);
  }

  closePath() {
    this.#path.push("z");
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   */
  rect(x, y, width, height) {
    this.#path.push(`M${this.#at(x, y)}h${short(width)}v${short(height)}h${short(-width)}z`);
  }

  /**
   * Whole circles only: nothing here draws another arc.
   * @param {number} x
   * @param {number} y
   * @param {number} radius
   * @param {number} _from
   * @param {number} _to
   */
  arc(x, y, radius, _from, _to) {
    const half = `a${short(radius)} ${short(radius)} 0 1 0 `;
    this.#path.push(`M${this.#at(x - radius, y)}${half}${short(2 * radius)} 0${half}${short(-2 * radius)} 0z`);
  }

  clip() {
    const name = `clip${++this.#clips}`;
    this.#parts.push(`<clipPath id="${name}"${this.#within()}><path d="${this.#path.join("")}"/></clipPath>`);
    this.clipped = name;
  }

  stroke() {
    const dash = this.dash ? ` stroke-dasharray="${this.dash}"` : "";
    const style = `stroke="${this.strokeStyle}" stroke-width="${this.lineWidth}" stroke-linejoin="${this.lineJoin}"`;
    if (this.#path.length) this.#add("path", `d="${this.#path.join("")}" fill="none" ${style}${dash}`);
  }

  fill() {
    if (this.#path.length) this.#add("path", `d="${this.#path.join("")}" fill="${this.fillStyle}"`);
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   */
  strokeRect(x, y, width, height) {
    this.beginPath();
    this.rect(x, y, width, height);
    this.stroke();
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   */
  fillRect(x, y, width, height) {
    this.beginPath();
    this.rect(x, y, width, height);
    this.fill();
  }

  /** @param {string} text */
  measureText(text) {
    return { width: this.#widthOf(text, this.font) };
  }

  /**
   * @param {string} text
   * @param {number} x
   * @param {number} y
   */
  fillText(text, x, y) {
    const [, weight, size, family] = this.font.match(/^(?:(\w+) )?([\d.]+)px (.*)$/) ?? [];
    const down = DROP[this.textBaseline] * Number(size);
    const font = `font-family="${escaped(family)}" font-size="${size}"${weight ? ` font-weight="${weight}"` : ""}`;
    const place = `x="${short(x + this.x)}" y="${short(y + down + this.y)}" text-anchor="${ANCHOR[this.textAlign]}"`;
    this.#add("text", `${place} ${font} fill="${this.fillStyle}"`, escaped(String(text)));
  }

  /**
   * Another SVG of its own size, or a picture by its data URL, at a place of this one.
   * @param {string} source
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   */
  embed(source, x, y, width, height) {
    const corner = `x="${short(x + this.x)}" y="${short(y + this.y)}"`;
    if (source.startsWith("<svg")) this.#parts.push(source.replace("<svg", `<svg ${corner}`));
    else this.#add("image", `${corner} width="${width}" height="${height}" href="${source}"`);
  }

  toString() {
    const [width, height] = [this.#width, this.#height];
    const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
    return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${this.#parts.join("\n")}</svg>`;
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  #at(x, y) {
    return `${short(x + this.x)} ${short(y + this.y)}`;
  }

  #within() {
    return this.clipped ? ` clip-path="url(#${this.clipped})"` : "";
  }

  /**
   * @param {string} tag
   * @param {string} attributes
   * @param {string} [body]
   */
  #add(tag, attributes, body = "") {
    const faint = this.globalAlpha < 1 ? ` opacity="${short(this.globalAlpha)}"` : "";
    this.#parts.push(`<${tag} ${attributes}${faint}${this.#within()}${body ? `>${body}</${tag}>` : "/>"}`);
  }
}

/** @param {number} value */
function short(value) {
  return String(Math.round(value * 100) / 100);
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
