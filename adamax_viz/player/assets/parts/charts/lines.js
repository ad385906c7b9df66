// A chart's lines, and the marks for what no line can show: won branches, lonely values, skipped steps, infinities.

import { thinned } from "../../base/plot/scales.js";

/**
 * @import { Line, Pen, Theme } from "../../base/types.js"
 * @import { ChartSpot } from "./axes.js"
 * @typedef {object} Look
 * @property {Theme} theme
 * @property {number} bold how much larger lines are
 * @property {number} last the last step in sight
 * @property {(k: number, d: number) => boolean} branch whether the gradient won the max
 */

const DASHES = [[], [5, 3]]; // by coordinate: the first solid, the second dashed

/**
 * A chart's lines between two edges in pixels.
 * @param {Pen} context
 * @param {ChartSpot} spot
 * @param {number} left
 * @param {number} right
 * @param {Look} look
 */
export function paintLines(context, spot, left, right, look) {
  context.save();
  context.beginPath();
  context.rect(left, spot.top - 2, Math.max(0, right - left), spot.height + 4);
  context.clip();
  for (const line of spot.chart.lines) {
    if (line.upper) paintBetween(context, spot, line, look);
    else paintLine(context, spot, line, look);
  }
  context.restore();
}

/**
 * @param {Pen} context
 * @param {ChartSpot} spot
 * @param {Line} line
 * @param {Look} look
 */
function paintLine(context, spot, line, { theme, bold, last, branch }) {
  context.strokeStyle = lineColour(theme, line);
  context.fillStyle = context.strokeStyle;
  context.lineWidth = 1.5 * bold;
  context.setLineDash(line.dash ?? DASHES[line.column]);
  const perStep = spot.width / last;
  /** @param {number} k */
  const place = (k) => spot.left + k * perStep;
  context.beginPath();
  let pen = false;
  for (const k of thinned(line.values, spot.width)) {
    const y = spot.y(line.values[k]);
    if (Number.isFinite(y)) {
      pen ? context.lineTo(place(k), y) : context.moveTo(place(k), y);
      pen = true;
    } else pen = false;
  }
  context.stroke();
  context.setLineDash([]);
  if (line.values.length <= 3) line.values.forEach((value, k) => dot(context, place(k), spot.y(value), 3));
  if (line.letter) paintMarks(context, spot, line, place);
  else if (line.quantity === "u") paintBranches(context, spot, line, place, branch);
}

/**
 * A line's colour: its run's among several, else its quantity's.
 * @param {Theme} theme
 * @param {Line} line
 * @param {(quantity: string) => string} [colour] of a quantity
 */
export function lineColour(theme, { variant, quantity }, colour = theme.line) {
  return variant === undefined ? colour(quantity) : theme.variants[variant];
}

/**
 * The area between a line's values and its upper ones.
 * @param {Pen} context
 * @param {ChartSpot} spot
 * @param {Line} line
 * @param {Look} look
 */
function paintBetween(context, spot, line, { theme, last }) {
  const { values, upper = values } = line;
  const perStep = spot.width / last;
  const every = Math.max(1, Math.floor(values.length / spot.width));
  const steps = Array.from(values.keys()).filter((k) => k % every === 0 && Number.isFinite(values[k]));
  context.beginPath();
  for (const k of steps) context.lineTo(spot.left + k * perStep, spot.y(upper[k]));
  for (const k of steps.reverse()) context.lineTo(spot.left + k * perStep, spot.y(values[k]));
  context.closePath();
  context.fillStyle = theme.line(line.quantity);
  const alpha = context.globalAlpha;
  context.globalAlpha = 0.16 * alpha;
  context.fill();
  context.globalAlpha = alpha;
}

/**
 * Dots where the gradient won the max; elsewhere beta_2 u did, and the line just fades.
 * @param {Pen} context
 * @param {ChartSpot} spot
 * @param {Line} line
 * @param {(k: number) => number} place
 * @param {Look["branch"]} branch
 */
function paintBranches(context, spot, line, place, branch) {
  let drawn = -Infinity;
  for (let k = 0; k < line.values.length; k++) {
    if (!branch(k, line.column)) continue;
    const x = place(k);
    if (x - drawn < 2.5) continue;
    drawn = x;
    dot(context, x, spot.y(line.values[k]), 2.4);
  }
}

/**
 * Values without neighbours, skipped steps, zeros and infinities of a run among several.
 * @param {Pen} context
 * @param {ChartSpot} spot
 * @param {Line} line
 * @param {(k: number) => number} place
 */
function paintMarks(context, spot, line, place) {
  const { values } = line;
  /** @param {number} k */
  const finite = (k) => k >= 0 && k < values.length && Number.isFinite(values[k]);
  for (let k = 0; k < values.length; k++) {
    if (finite(k) && !finite(k - 1) && !finite(k + 1) && values.length > 3) {
      dot(context, place(k), spot.y(values[k]), 1.8);
    }
  }
  for (const k of line.crosses ?? []) cross(context, place(k), spot.y(values[k]));
  if (!spot.chart.limits) return;
  const [top, bottom] = [spot.top + 4, spot.top + spot.height - 4];
  let drawn = -Infinity;
  for (let k = 0; k < values.length; k++) {
    if ((values[k] !== 0 && values[k] !== Infinity) || place(k) - drawn < 6) continue;
    drawn = place(k);
    triangle(context, place(k), values[k] === 0 ? bottom : top, values[k] === 0 ? 1 : -1);
  }
}

/**
 * @param {Pen} context
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
function dot(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

/**
 * @param {Pen} context
 * @param {number} x
 * @param {number} y
 */
function cross(context, x, y) {
  context.beginPath();
  for (const side of [-1, 1]) {
    context.moveTo(x - 3.5, y - 3.5 * side);
    context.lineTo(x + 3.5, y + 3.5 * side);
  }
  context.stroke();
}

/**
 * A small triangle that points down (1) or up (-1).
 * @param {Pen} context
 * @param {number} x
 * @param {number} y
 * @param {number} way
 */
function triangle(context, x, y, way) {
  context.beginPath();
  context.moveTo(x - 3, y - 2.5 * way);
  context.lineTo(x + 3, y - 2.5 * way);
  context.lineTo(x, y + 2.5 * way);
  context.fill();
}
