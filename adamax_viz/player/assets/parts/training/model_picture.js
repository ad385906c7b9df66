// What the model says at the playhead, beside the data: one kind of picture for each kind of data.

import { h } from "../../base/dom.js";
import { isFitted, makeStage } from "../../base/plot/plot.js";
import { frameAt } from "./payload.js";
import { drawBoundary } from "./boundary.js";
import { drawCodes, drawCurve, drawSignal } from "./curve.js";
import { drawPictures } from "./pictures.js";

/** @import { ArrayOf, Arrays, Theme, Values } from "../../base/types.js" */
/** @import { Picture as PictureOf, PictureHeader, Sign } from "./types.js" */

/**
 * What is drawn: the picture, and what the model says of it at `steps`, one row of `frames` for each.
 * @typedef {object} Drawing
 * @property {PictureOf} picture
 * @property {Theme} theme
 * @property {Values | null} steps
 * @property {ArrayOf | undefined} frames
 * @property {{frames: ArrayOf | undefined, colour: string, dash: number[]}[]} others
 */

const KINDS = {
  classes: drawBoundary,
  plane: drawBoundary,
  curve: drawCurve,
  signal: drawSignal,
  pictures: drawPictures,
  codes: drawCodes,
};

export class Picture {
  constructor() {
    const { element, canvas } = makeStage("What the model says");
    this.stage = element;
    this.canvas = canvas;
    this.title = h("strong");
    this.when = h("span", { class: "al-quiet" });
    this.legend = h("div", { class: "al-legend" });
    this.element = h(
      "div",
      { class: "al-picture" },
      h("div", { class: "al-picturehead" }, this.title, this.when),
      this.stage,
      this.legend,
    );
    /** @type {Drawing | null} */
    this.drawing = null;
    this.drawn = ""; // what the canvas shows, as a text
  }

  /**
   * @param {PictureHeader} header
   * @param {Arrays} arrays
   * @param {Theme} theme
   */
  take(header, arrays, theme) {
    const part = (/** @type {string} */ name) => arrays[`picture.${name}`];
    this.drawing = {
      picture: { ...header, at: part("at"), points: part("points"), validation: part("validation") },
      theme,
      steps: arrays["frames.steps"]?.data ?? null,
      frames: part("frames"),
      others: header.others.map(({ key, dash }) => ({ frames: part(key), colour: colourOf(key, theme), dash })),
    };
    this.drawn = "";
    this.title.textContent = header.title;
    this.stage.setAttribute("aria-label", header.words);
    this.stage.dataset.kind = header.kind;
    this.legend.replaceChildren(...header.legend.map((sign) => legendOf(sign, theme)));
  }

  /** @param {number} position */
  draw(position) {
    if (!this.drawing) return;
    const { picture, theme, steps, frames, others } = this.drawing;
    const k = steps?.length ? frameAt(steps, position) : 0;
    const wanted = [k, this.canvas.clientWidth, this.canvas.clientHeight].join();
    if (wanted === this.drawn) return;
    const cut = (/** @type {ArrayOf} */ { data, columns }) => data.subarray(k * columns, (k + 1) * columns);
    const frame = frames ? cut(frames) : null;
    this.when.textContent = frame ? `at step ${steps?.[k]}` : "not trained yet";
    const curves = others.flatMap((other) => (other.frames ? [{ ...other, frame: cut(other.frames) }] : []));
    KINDS[picture.kind](this.canvas, picture, frame, theme, curves);
    this.drawn = isFitted(this.canvas) ? wanted : "";
  }
}

/**
 * @param {string} key
 * @param {Theme} theme
 */
function colourOf(key, theme) {
  return key === "ema" ? theme.line("ema") : theme.variants[1];
}

/**
 * @param {Sign} sign
 * @param {Theme} theme
 */
function legendOf({ text, mark, colour, label }, theme) {
  /** @type {Record<string, string>} */
  const colours = {
    ink: theme.ink,
    quiet: theme.quiet,
    minimum: theme.minimum,
    label: theme.labels[label ?? 0],
    ema: colourOf("ema", theme),
    rival: colourOf("rival", theme),
    ...theme.signs,
  };
  const attributes = { class: `al-sign al-sign-${mark}`, style: `--sign: ${colours[colour]}`, "data-label": label };
  return h("span", attributes, text);
}
