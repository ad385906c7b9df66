// A chart's lines, and the marks for what no line can show: won branches, lonely values, skipped steps, infinities.

import { cross, dot, line, paintInside, polygon } from "../../base/plot/pen.js";
import { thinned } from "../../base/plot/scales.js";

/**
 * @import { Line, Pair, Pen, Theme, Values } from "../../base/types.js"
 * @import { Stroke } from "../../base/plot/pen.js"
 * @import { ChartSpot } from "./axes.js"
 * @import { Panels } from "./panels.js"
 *
 * @typedef {Pick<Panels, "theme" | "bold" | "run">} Look
 * @typedef {(context: Pen, spot: ChartSpot, line: Line, look: Look) => void} PaintLine
 * @typedef {(k: number) => Pair} Place of a value, in pixels
 */

const DASHES = [[], [5, 3]]; // by coordinate: the first solid, the second dashed

/** @type {(context: Pen, spot: ChartSpot, edges: Pair, look: Look) => void} between two edges in pixels */
export function paintLines(context, spot, [left, right], look) {
  const box = { left, top: spot.top - 2, width: Math.max(0, right - left), height: spot.height + 4 };
  paintInside(context, box, () => {
    for (const each of spot.chart.lines) (each.upper ? paintBetween : paintLine)(context, spot, each, look);
  });
}

/** @type {PaintLine} */
function paintLine(context, spot, { values, column, dash = DASHES[column], ...of }, { theme, bold, run }) {
  const colour = lineColour(theme, of);
  const place = placed(spot, values);
  const stroke = { colour, width: 1.5 * bold };
  line(context, Array.from(thinned(values, spot.width), place), { ...stroke, dash });
  const steps = Array.from(values.keys());
  const few = steps.length <= 3 ? steps : [];
  for (const k of few) dot(context, place(k), 3, colour);
  if (of.letter) paintMarks(context, spot, { values, crosses: of.crosses }, place, stroke);
  else if (of.quantity === "u") {
    // Dots where the gradient won the max; elsewhere beta_2 u did, and the line just fades.
    for (const k of apart(steps.filter((k) => run.branch(k, column)), place, 2.5)) dot(context, place(k), 2.4, colour);
  }
}

/** @type {(spot: ChartSpot, values: Values) => Place} */
function placed({ x, y }, values) {
  return (k) => [x(k), y(values[k])];
}

/** @type {(theme: Theme, of: Pick<Line, "variant" | "quantity">, colour?: Theme["line"]) => string} */
export function lineColour(theme, { variant, quantity }, colour = theme.line) {
  return variant === undefined ? colour(quantity) : theme.variants[variant];
}

/** @type {PaintLine} the area between its values and its upper ones */
function paintBetween(context, spot, { quantity, values, upper = values }, { theme }) {
  const every = Math.max(1, Math.floor(values.length / spot.width));
  const steps = Array.from(values.keys()).filter((k) => k % every === 0 && Number.isFinite(values[k]));
  const [above, below] = [steps.map(placed(spot, upper)), steps.map(placed(spot, values))];
  const outer = context.globalAlpha;
  context.globalAlpha = 0.16 * outer;
  polygon(context, [...above, ...below.reverse()], theme.line(quantity));
  context.globalAlpha = outer;
}

/**
 * Values without neighbours, skipped steps, zeros and infinities of a run among several.
 * @type {(context: Pen, spot: ChartSpot, line: Pick<Line, "values" | "crosses">, place: Place, stroke: Stroke) => void}
 */
function paintMarks(context, { chart, top, height }, { values, crosses = [] }, place, stroke) {
  const steps = Array.from(values.keys());
  const finite = (/** @type {number} */ k) => Number.isFinite(values[k]);
  const lonely = values.length > 3 ? steps.filter((k) => finite(k) && !finite(k - 1) && !finite(k + 1)) : [];
  for (const k of lonely) dot(context, place(k), 1.8, stroke.colour);
  for (const k of crosses) cross(context, place(k), 3.5, stroke);
  const beyond = chart.limits ? steps.filter((k) => values[k] === 0 || values[k] === Infinity) : [];
  for (const k of apart(beyond, place, 6)) {
    const [x] = place(k);
    const [y, down] = values[k] === 0 ? [top + height - 4, 2.5] : [top + 4, -2.5];
    polygon(context, [[x - 3, y - down], [x + 3, y - down], [x, y + down]], stroke.colour);
  }
}

/** @type {(steps: number[], place: Place, pixels: number) => Generator<number>} those that have room */
function* apart(steps, place, pixels) {
  let drawn = -Infinity;
  for (const k of steps) {
    const [x] = place(k);
    if (x - drawn < pixels) continue;
    drawn = x;
    yield k;
  }
}
