// Where charts lie on their canvas, how values map to pixels, and the axes around them.

import { format } from "../../base/format.js";
import { line, write } from "../../base/plot/pen.js";
import { axisRange, decades, ticks, wholeTicks } from "../../base/plot/scales.js";

/**
 * @import { Box, Chart, Pen, Scales } from "../../base/types.js"
 * @import { Panels } from "./panels.js"
 *
 * @typedef {Box & Scales & {chart: Chart, ticks: number[]}} ChartSpot a chart's place: `x` of steps, `y` of values
 * @typedef {{width: number, height: number, columns: number, bold: number, last: number}} Size `last`: step in sight
 */

export const TITLE = 24; // pixels above each chart for its title and values
export const BOTTOM = 20;
export const LEFT = 48;
export const GAP = 14;
const RIGHT = 8;

/** @type {(charts: Chart[], size: Size) => ChartSpot[]} in pixels, with how their values map to them */
export function placeCharts(charts, { width, height, columns, bold, last }) {
  const [title, left, bottom] = [TITLE, LEFT, BOTTOM].map((pixels) => pixels * bold);
  const cell = { width: (width - GAP * (columns - 1)) / columns, height: height / Math.ceil(charts.length / columns) };
  return charts.map((chart, i) => {
    const curves = chart.lines.flatMap(({ values, upper }) => upper ? [values, upper] : [values]);
    const inSight = curves.map((values) => values.subarray(0, last + 1));
    const { range: [low, high], logarithmic } = axisRange(inSight, chart);
    const scaled = logarithmic ? Math.log10 : (/** @type {number} */ value) => value;
    const box = {
      left: (i % columns) * (cell.width + GAP) + left,
      top: Math.floor(i / columns) * cell.height + title,
      width: cell.width - left - RIGHT,
      height: cell.height - title - bottom,
    };
    return {
      ...box,
      chart,
      x: (step) => box.left + (step / last) * box.width,
      y: (value) => box.top + box.height * (1 - (scaled(value) - low) / (high - low)),
      ticks: logarithmic ? decades([low, high]) : ticks([low, high]),
    };
  });
}

/** @type {(context: Pen, spot: ChartSpot, look: Pick<Panels, "theme" | "bold" | "last">) => void} */
export function paintAxes(context, spot, { theme, bold, last }) {
  const { left } = spot;
  const [right, bottom] = [left + spot.width, spot.top + spot.height];
  const style = { font: `${10 * bold}px ${theme.font}`, colour: theme.quiet };
  const stroke = { colour: theme.grid };
  for (const value of spot.ticks) {
    const height = Math.round(spot.y(value)) + 0.5;
    line(context, [[left, height], [right, height]], stroke);
    write(context, format(value, 4), [left - 4, height], { ...style, align: "right" });
  }
  for (const step of wholeTicks(last)) {
    const x = spot.x(step);
    const atEdge = x > right - 14;
    line(context, [[x, bottom], [x, bottom + 3]], stroke);
    const align = atEdge ? "right" : "center";
    write(context, String(step), [x + (atEdge ? 8 : 0), bottom + 6], { ...style, align, baseline: "top" });
  }
}
