// What the model says at the playhead, beside the data: one kind of picture for each kind of data.

import { drawBoundary } from "./boundary.js";
import { drawCodes, drawCurve, drawSignal } from "./curve.js";
import { h } from "../../base/dom.js";
import { drawPictures } from "./pictures.js";
import { isFitted, makeStage } from "../../base/plot.js";
import { frameAt } from "../../base/training.js";

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
  }

  update(picture, arrays, theme) {
    const part = (name) => arrays[`picture.${name}`];
    this.picture = { ...picture, at: part("at"), points: part("points"), validation: part("validation") };
    this.steps = arrays["frames.steps"]?.data;
    this.frames = part("frames");
    this.others = picture.others.map((other) => ({
      ...other,
      frames: part(other.key),
      colour: colourOf(other, theme),
    }));
    Object.assign(this, { theme, shown: null });
    this.title.textContent = picture.title;
    this.stage.setAttribute("aria-label", picture.words);
    this.stage.dataset.kind = picture.kind;
    this.legend.replaceChildren(...picture.legend.map((entry) => legendOf(entry, theme)));
  }

  draw(position) {
    if (!this.picture) return;
    const k = this.steps?.length ? frameAt(this.steps, position) : 0;
    const shown = [k, this.canvas.clientWidth, this.canvas.clientHeight].join();
    if (shown === this.shown) return;
    const cut = (frames) => {
      const size = frames.data.length / this.steps.length;
      return frames.data.subarray(k * size, (k + 1) * size);
    };
    const frame = this.frames ? cut(this.frames) : null;
    this.when.textContent = frame ? `at step ${this.steps[k]}` : "not trained yet";
    const others = this.others.filter((other) => other.frames).map((other) => ({ ...other, frame: cut(other.frames) }));
    KINDS[this.picture.kind](this.canvas, this.picture, frame, this.theme, others);
    this.shown = isFitted(this.canvas) ? shown : null;
  }
}

function colourOf({ key }, theme) {
  return key === "ema" ? theme.line("ema") : theme.variants[1];
}

/** A sign and a word: {text, mark: "line" | "dashed" | "dots" | "hollow" | "label", colour, label}. */
function legendOf({ text, mark, colour, label }, theme) {
  const own = { label: theme.labels[label], rival: theme.variants[1], ema: theme.line("ema"), ...theme.signs };
  const sign = `--sign: ${own[colour] ?? theme[colour]}`;
  return h("span", { class: `al-sign al-sign-${mark}`, style: sign, "data-label": label }, text);
}
