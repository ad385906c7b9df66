// The small pictures that the model is shown, each with what it says of it: one bar a label.

import { mixed, rgb } from "../../base/plot/colour.js";
import { cleared } from "../../base/dom.js";
import { clamp } from "../../base/format.js";
import { makeImage } from "../../base/plot/plot.js";

/** @import { Theme, Values } from "../../base/types.js" */
/** @import { Picture } from "./types.js" */

const SIDE = 8; // pixels of a picture
const BARS = 26; // pixels under each picture for its bars and its name

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Picture} picture
 * @param {Values | null} frame
 * @param {Theme} theme
 */
export function drawPictures(canvas, { labels, validation }, frame, theme) {
  const context = cleared(canvas);
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const count = validation.data.length / validation.columns;
  const columns = Math.max(1, Math.round(Math.sqrt((count * width) / (height * 0.8))));
  const cell = { width: width / columns, height: height / Math.ceil(count / columns) };
  const side = Math.max(8, Math.min(cell.width - 10, cell.height - BARS - 8));
  for (let i = 0; i < count; i++) {
    const row = validation.data.subarray(i * validation.columns, (i + 1) * validation.columns);
    const left = (i % columns) * cell.width + (cell.width - side) / 2;
    const top = Math.floor(i / columns) * cell.height + 2;
    context.imageSmoothingEnabled = false;
    context.drawImage(image(row, theme), left, top, side, side);
    if (!frame) continue;
    const answer = frame.subarray(i * labels.length, (i + 1) * labels.length);
    drawAnswer(context, answer, row[row.length - 1], labels, { left, top: top + side + 3, width: side }, theme);
  }
}

/**
 * @param {Values} values
 * @param {Theme} theme
 */
function image(values, theme) {
  const [paper, ink] = [rgb(theme.panel), rgb(theme.ink)];
  return makeImage(SIDE, SIDE, (i) => [...mixed(paper, ink, clamp(values[i], 0, 1)), 255]);
}

/**
 * A stacked bar of the probabilities, and the name that wins; what is wrong is crossed out.
 * @param {CanvasRenderingContext2D} context
 * @param {Values} answer a byte for each label
 * @param {number} truth the right one
 * @param {string[]} labels
 * @param {{left: number, top: number, width: number}} place
 * @param {Theme} theme
 */
function drawAnswer(context, answer, truth, labels, { left, top, width }, theme) {
  let at = left;
  answer.forEach((byte, label) => {
    const part = (byte / 255) * width;
    context.fillStyle = theme.labels[label % theme.labels.length];
    context.fillRect(at, top, part, 5);
    at += part;
  });
  const best = answer.indexOf(Math.max(...answer));
  const wrong = best !== truth;
  context.fillStyle = theme.labels[best % theme.labels.length];
  context.font = `${wrong ? 700 : 400} 10px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "top";
  context.fillText(wrong ? `✗ ${labels[best]}` : labels[best], left + width / 2, top + 8, width + 8);
}
