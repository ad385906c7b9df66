// What the model says over the plane of its two inputs, with the data: probabilities of labels, or values.

import { mixed, rgb } from "../../base/plot/colour.js";
import { clamp } from "../../base/format.js";
import { begin, clipTo, drawLevel, finish, makeGridImage, makeSpot, mark } from "../../base/plot/plot.js";

/** @import { Spot, Theme, Values } from "../../base/types.js" */
/** @import { Curve, Picture } from "./types.js" */

const HALF = 127.5; // the byte of a probability of one half

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Picture} picture
 * @param {Values | null} frame what the model says at each point of the grid; null before training
 * @param {Theme} theme
 * @param {Curve[]} others
 */
export function drawBoundary(canvas, picture, frame, theme, others) {
  const { at, labels } = picture;
  const n = at.columns;
  const [xs, ys] = [at.data.subarray(0, n), at.data.subarray(n)];
  const spot = makeSpot(canvas, [xs[0], xs[n - 1]], [ys[0], ys[n - 1]]);
  const context = begin(canvas, spot, theme);
  clipTo(context, spot, () => {
    if (frame) {
      drawGround(context, spot, n, labels.length > 2 ? severalLabels(frame, theme) : oneValue(frame, theme));
      if (labels.length === 2) {
        for (const { frame: values, colour, dash = [] } of [...others, { frame, colour: theme.ink }]) {
          context.strokeStyle = colour;
          context.lineWidth = 1.8;
          context.setLineDash(dash);
          drawLevel(context, values, n, HALF, spot);
        }
        context.setLineDash([]);
      }
    }
    drawPoints(context, spot, picture, theme);
  });
  finish(context, spot, theme);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Spot} spot
 * @param {number} n
 * @param {(i: number) => number[]} paint
 */
function drawGround(context, spot, n, paint) {
  // Grid points are the centres of the picture's pixels.
  const [width, height] = [(spot.width * n) / (n - 1), (spot.height * n) / (n - 1)];
  const [left, top] = [spot.left - (width - spot.width) / 2, spot.top - (height - spot.height) / 2];
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  context.drawImage(makeGridImage(n, paint), left, top, width, height);
}

/**
 * Points to train on, and hollow those held back.
 * @param {CanvasRenderingContext2D} context
 * @param {Spot} spot
 * @param {Picture} picture
 * @param {Theme} theme
 */
function drawPoints(context, spot, { points, validation, labels, low, high }, theme) {
  const colour = labels.length
    ? (/** @type {number} */ label) => theme.labels[label % theme.labels.length]
    : (/** @type {number} */ value) => between(theme, (value - low) / (high - low));
  for (const [{ data }, hollow] of /** @type {const} */ ([[points, false], [validation, true]])) {
    for (let i = 0; i < data.length; i += 3) {
      const [x, y, value] = data.subarray(i, i + 3);
      const shape = labels.length ? value : 0;
      mark(context, shape, [spot.x(x), spot.y(y)], colour(value), { hollow, rim: theme.background });
    }
  }
}

/**
 * The second label's probability, or a value: from one sign's colour over nothing to the other's.
 * @param {Values} frame
 * @param {Theme} theme
 */
function oneValue(frame, theme) {
  const [minus, plus] = [rgb(theme.signs.minus), rgb(theme.signs.plus)];
  return (/** @type {number} */ i) => {
    const part = (frame[i] / 255 - 0.5) * 2;
    return [...(part < 0 ? minus : plus), 115 * Math.abs(part)];
  };
}

/**
 * The most probable label, the fuller the more probable; two bytes a point.
 * @param {Values} frame
 * @param {Theme} theme
 */
function severalLabels(frame, theme) {
  const colours = theme.labels.map(rgb);
  return (/** @type {number} */ i) => [...colours[frame[2 * i] % colours.length], 0.45 * frame[2 * i + 1]];
}

/**
 * @param {Theme} theme
 * @param {number} part
 */
function between({ signs }, part) {
  return `rgb(${mixed(rgb(signs.minus), rgb(signs.plus), clamp(part, 0, 1)).map(Math.round).join(" ")})`;
}
