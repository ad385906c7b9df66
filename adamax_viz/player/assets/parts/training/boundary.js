// What the model says over the plane of its two inputs, with the data: probabilities of labels, or values.

import { mixed, rgb } from "../../base/plot/colour.js";
import { clamp } from "../../base/format.js";
import { drawLevel, drawPlot, makeGridImage, makeSpot, mark } from "../../base/plot/plot.js";
import { rowOf, rowsOf } from "./payload.js";

/**
 * @import { Theme, Values } from "../../base/types.js"
 * @import { Plot } from "../../base/plot/plot.js"
 * @import { DrawPicture } from "./types.js"
 *
 * @typedef {(frame: Values, theme: Theme) => (i: number) => number[]} Shades colours of a grid's points
 */

const HALF = 127.5; // the byte of a probability of one half

/** @type {DrawPicture} */
export function drawBoundary(canvas, { at, labels, frame, curves, theme, points, validation, low, high }) {
  const n = at.columns;
  const [x, y] = [0, 1].map((axis) => rowOf(at, axis));
  drawPlot(canvas, makeSpot(canvas, [x[0], x[n - 1]], [y[0], y[n - 1]]), theme, (plot) => {
    const { context } = plot;
    if (frame) drawGround(plot, n, labels.length > 2 ? severalLabels(frame, theme) : oneValue(frame, theme));
    if (frame && labels.length === 2) {
      for (const { frame: values, colour, dash = [] } of [...curves, { frame, colour: theme.ink }]) {
        context.strokeStyle = colour;
        context.lineWidth = 1.8;
        context.setLineDash(dash);
        drawLevel(context, values, n, HALF, plot);
      }
      context.setLineDash([]);
    }
    for (const array of [points, validation]) {
      for (const [x, y, value] of rowsOf(array)) {
        const colour = labels.length ? labelColour(theme, value) : between(theme, (value - low) / (high - low));
        const label = labels.length ? value : 0;
        mark(plot, [plot.x(x), plot.y(y)], colour, { label, hollow: array === validation });
      }
    }
  });
}

/** @type {(plot: Plot, n: number, paint: (i: number) => number[]) => void} */
function drawGround({ context, ...spot }, n, paint) {
  // Grid points are the centres of the picture's pixels.
  const [width, height] = [(spot.width * n) / (n - 1), (spot.height * n) / (n - 1)];
  const [left, top] = [spot.left - (width - spot.width) / 2, spot.top - (height - spot.height) / 2];
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  context.drawImage(makeGridImage(n, paint), left, top, width, height);
}

/** @type {Shades} the second label's probability, or a value: from one sign's colour over nothing to the other's */
function oneValue(frame, { signs }) {
  const [minus, plus] = [rgb(signs.minus), rgb(signs.plus)];
  return (i) => {
    const part = (frame[i] / 255 - 0.5) * 2;
    return [...(part < 0 ? minus : plus), 115 * Math.abs(part)];
  };
}

/** @type {Shades} the most probable label, the fuller the more probable; two bytes a point */
function severalLabels(frame, { labels }) {
  const colours = labels.map(rgb);
  return (i) => [...colours[frame[2 * i] % colours.length], 0.45 * frame[2 * i + 1]];
}

/** @type {(theme: Theme, part: number) => string} */
function between({ signs }, part) {
  return `rgb(${mixed(rgb(signs.minus), rgb(signs.plus), clamp(part, 0, 1)).map(Math.round).join(" ")})`;
}

/** @type {(theme: Theme, label: number) => string} */
export function labelColour({ labels }, label) {
  return labels[label % labels.length];
}
