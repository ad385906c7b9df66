// What the model says at the playhead, beside the data: one kind of picture for each kind of data.

import { h } from "../../base/dom.js";
import { Stage } from "../../base/plot/plot.js";
import { drawBoundary } from "./boundary.js";
import { drawCodes, drawCurve, drawSignal } from "./curve.js";
import { frameAt, rowOf } from "./payload.js";
import { drawPictures } from "./pictures.js";

/**
 * @import { Theme } from "../../base/types.js"
 * @import { Training } from "../../scenes/training.js"
 * @import { DrawPicture, PictureHeader, Sign } from "./types.js"
 */

/** @type {Record<PictureHeader["kind"], DrawPicture>} */
const KINDS = {
  classes: drawBoundary,
  plane: drawBoundary,
  curve: drawCurve,
  signal: drawSignal,
  pictures: drawPictures,
  codes: drawCodes,
};

export class Picture {
  stage = new Stage({ "aria-label": "What the model says" });
  title = h("strong");
  when = h("span", { class: "al-quiet" });
  legend = h("div", { class: "al-legend" });
  element = h(
    "div",
    { class: "al-picture" },
    h("div", { class: "al-picturehead" }, this.title, this.when),
    this.stage.element,
    this.legend,
  );

  /** @param {Training} scene */
  constructor(scene) {
    this.scene = scene;
  }

  take() {
    const { payload: { header: { picture } }, root: { theme } } = this.scene;
    const { element } = this.stage;
    this.stage.drawn = "";
    this.title.textContent = picture.title;
    element.setAttribute("aria-label", picture.words);
    element.dataset.kind = picture.kind;
    this.legend.replaceChildren(...picture.legend.map((sign) => legendOf(sign, theme)));
  }

  /** @param {number} position */
  draw(position) {
    const { payload: { header: { picture }, arrays }, root: { theme } } = this.scene;
    const steps = arrays["frames.steps"]?.data;
    const k = frameAt(steps, position);
    if (!this.stage.isStale(k)) return;
    const part = (/** @type {string} */ name) => arrays[`picture.${name}`];
    const [at, points, validation, frames] = ["at", "points", "validation", "frames"].map(part);
    const frame = frames ? rowOf(frames, k) : null;
    const curves = picture.others.map(({ key, dash }) => (
      { frame: rowOf(part(key), k), colour: colourOf(key, theme), dash }
    ));
    this.when.textContent = frame ? `at step ${steps[k]}` : "not trained yet";
    KINDS[picture.kind](this.stage.canvas, { ...picture, at, points, validation, frame, curves, theme });
  }
}

/** @type {(key: string, theme: Theme) => string} */
function colourOf(key, theme) {
  return key === "ema" ? theme.line("ema") : theme.variants[1];
}

/** @type {(sign: Sign, theme: Theme) => HTMLElement} */
function legendOf({ text, mark, colour, label = 0 }, theme) {
  const { ink, quiet, minimum, signs, labels } = theme;
  const [ema, rival] = ["ema", "rival"].map((key) => colourOf(key, theme));
  /** @type {Record<string, string>} */
  const colours = { ink, quiet, minimum, ema, rival, label: labels[label], ...signs };
  const style = `--sign: ${colours[colour]}`;
  return h("span", { class: `al-sign al-sign-${mark}`, style, "data-label": label }, text);
}
