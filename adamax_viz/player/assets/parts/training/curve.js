// One number over another: a fitted curve with its points, or a signal and what the model makes of it.

import { drawPlot, line, makeSpot, mark } from "../../base/plot/plot.js";
import { rowsOf } from "./payload.js";

/**
 * @import { Values } from "../../base/types.js"
 * @import { Plot } from "../../base/plot/plot.js"
 * @import { Answers, DrawPicture, PictureHeader } from "./types.js"
 */

/** @type {DrawPicture} */
export function drawCurve(canvas, picture) {
  const { at: { data: xs }, points, validation, low, high, theme } = picture;
  drawPlot(canvas, makeSpot(canvas, [xs[0], xs[xs.length - 1]], [low, high]), theme, (plot) => {
    for (const array of [points, validation]) {
      for (const [x, y] of rowsOf(array)) {
        mark(plot, [plot.x(x), plot.y(y)], theme.quiet, { hollow: array === validation, radius: 2.8 });
      }
    }
    drawModels(plot, picture, 2.4);
  });
}

/** @type {DrawPicture} what is heard, what should be said, and what is said, over time */
export function drawSignal(canvas, picture) {
  const { at: { data: xs }, points, low, high, theme } = picture;
  const rows = rowsOf(points);
  drawPlot(canvas, makeSpot(canvas, [0, xs.length - 1], [low, high]), theme, (plot) => {
    const [heard, wanted] = [0, 1].map((column) => placesOf(plot, xs, rows.map((row) => row[column])));
    line(plot.context, heard, { colour: theme.quiet, width: 0.8, alpha: 0.45 });
    line(plot.context, wanted, { colour: theme.minimum, width: 3 });
    drawModels(plot, picture, 1.6);
  });
}

/** @type {DrawPicture} points, and where the model puts them: a thin line joins the two */
export function drawCodes(canvas, { points, low, high, frame, theme }) {
  const answers = frame && rowsOf({ data: frame, columns: 2 });
  drawPlot(canvas, makeSpot(canvas, [low, high], [low, high]), theme, (plot) => {
    rowsOf(points).forEach(([x, y], i) => {
      const point = [plot.x(x), plot.y(y)];
      mark(plot, point, theme.quiet, { hollow: true, radius: 4.6 });
      if (!answers) return;
      const [answerX, answerY] = valuesOf({ low, high }, answers[i]);
      const answer = [plot.x(answerX), plot.y(answerY)];
      line(plot.context, [point, answer], { colour: theme.quiet, width: 0.9 });
      mark(plot, answer, theme.ink, { radius: 2.4 });
    });
  });
}

/** @type {(plot: Plot, picture: PictureHeader & Answers, thick: number) => void} its own curve above other weights' */
function drawModels(plot, { at, low, high, frame, curves, theme }, thick) {
  const own = frame ? [{ frame, colour: theme.ink, width: thick }] : [];
  for (const { frame: bytes, width = 1.8, ...style } of [...curves, ...own]) {
    line(plot.context, placesOf(plot, at.data, valuesOf({ low, high }, bytes)), { width, ...style });
  }
}

/** @type {(plot: Plot, xs: Values, ys: number[]) => number[][]} */
function placesOf(plot, xs, ys) {
  return ys.map((y, i) => [plot.x(xs[i]), plot.y(y)]);
}

/** @type {(range: {low: number, high: number}, bytes: Values) => number[]} the model's answers travel as bytes */
function valuesOf({ low, high }, bytes) {
  return Array.from(bytes, (byte) => low + ((high - low) * byte) / 255);
}
