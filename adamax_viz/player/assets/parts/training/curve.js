// One number over another: a fitted curve with its points, or a signal and what the model makes of it.

import { begin, clipTo, finish, line, makeSpot, mark } from "../../base/plot/plot.js";

/** @import { Pair, Spot, Theme, Values } from "../../base/types.js" */
/** @import { Curve, Picture } from "./types.js" */

/**
 * Values of the bytes that the model's answers travel as.
 * @param {Pick<Picture, "low" | "high">} picture
 * @param {Values} frame
 */
export function valuesOf({ low, high }, frame) {
  return Array.from(frame, (byte) => low + ((high - low) * byte) / 255);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Picture} picture
 * @param {Values | null} frame
 * @param {Theme} theme
 * @param {Curve[]} others
 */
export function drawCurve(canvas, picture, frame, theme, others) {
  const xs = picture.at.data;
  const spot = makeSpot(canvas, [xs[0], xs[xs.length - 1]], [picture.low, picture.high]);
  const context = begin(canvas, spot, theme);
  clipTo(context, spot, () => {
    for (const [{ data }, hollow] of /** @type {const} */ ([[picture.points, false], [picture.validation, true]])) {
      for (let i = 0; i < data.length; i += 2) {
        const style = { hollow, radius: 2.8, rim: theme.background };
        mark(context, 0, [spot.x(data[i]), spot.y(data[i + 1])], theme.quiet, style);
      }
    }
    for (const curve of withModel(others, frame, theme, 2.4)) drawLine(context, spot, picture, xs, curve);
  });
  finish(context, spot, theme);
}

/**
 * What is heard, what should be said, and what is said, over time.
 * @param {HTMLCanvasElement} canvas
 * @param {Picture} picture
 * @param {Values | null} frame
 * @param {Theme} theme
 * @param {Curve[]} others
 */
export function drawSignal(canvas, picture, frame, theme, others) {
  const xs = picture.at.data;
  const { data } = picture.points;
  const spot = makeSpot(canvas, [0, xs.length - 1], [picture.low, picture.high]);
  const context = begin(canvas, spot, theme);
  const drawColumn = (/** @type {0 | 1} */ column) =>
    line(context, Array.from(xs, (x, i) => [spot.x(x), spot.y(data[2 * i + column])]));
  clipTo(context, spot, () => {
    context.globalAlpha = 0.45;
    context.strokeStyle = theme.quiet;
    context.lineWidth = 0.8;
    drawColumn(0);
    context.globalAlpha = 1;
    context.strokeStyle = theme.minimum;
    context.lineWidth = 3;
    drawColumn(1);
    for (const curve of withModel(others, frame, theme, 1.6)) drawLine(context, spot, picture, xs, curve);
  });
  finish(context, spot, theme);
}

/**
 * Other weights' curves, and above them the model's own.
 * @param {Curve[]} others
 * @param {Values | null} frame
 * @param {Theme} theme
 * @param {number} width
 * @returns {Curve[]}
 */
function withModel(others, frame, theme, width) {
  return frame ? [...others, { frame, colour: theme.ink, width }] : others;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Spot} spot
 * @param {Picture} picture
 * @param {Values} xs
 * @param {Curve} curve
 */
function drawLine(context, spot, picture, xs, { frame, colour, width = 1.8, dash = [] }) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.setLineDash(dash);
  line(context, valuesOf(picture, frame).map((y, i) => [spot.x(xs[i]), spot.y(y)]));
  context.setLineDash([]);
}

/**
 * Points, and where the model puts them: a thin line joins the two.
 * @param {HTMLCanvasElement} canvas
 * @param {Picture} picture
 * @param {Values | null} frame
 * @param {Theme} theme
 */
export function drawCodes(canvas, picture, frame, theme) {
  /** @type {Pair} */
  const range = [picture.low, picture.high];
  const spot = makeSpot(canvas, range, range);
  const context = begin(canvas, spot, theme);
  const { data } = picture.points;
  clipTo(context, spot, () => {
    for (let i = 0; i < data.length; i += 2) {
      /** @type {Pair} */
      const point = [spot.x(data[i]), spot.y(data[i + 1])];
      mark(context, 0, point, theme.quiet, { hollow: true, radius: 4.6, rim: theme.background });
      if (!frame) continue;
      const [x, y] = valuesOf(picture, frame.subarray(i, i + 2));
      /** @type {Pair} */
      const answer = [spot.x(x), spot.y(y)];
      context.strokeStyle = theme.quiet;
      context.lineWidth = 0.9;
      line(context, [point, answer]);
      mark(context, 0, answer, theme.ink, { radius: 2.4, rim: theme.background });
    }
  });
  finish(context, spot, theme);
}
