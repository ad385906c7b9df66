// Where charts lie on their canvas, how values map to pixels, and the axes around them.

import { format } from "../../base/format.js";
import { axisRange, decades, ticks, wholeTicks } from "../../base/plot/scales.js";

/**
 * @import { Box, Chart, Pen, Theme, Values } from "../../base/types.js"
 * @typedef {Box & {chart: Chart, y: (value: number) => number, ticks: number[]}} ChartSpot a chart's place
 */

export const TITLE = 24; // pixels above each chart for its title and values
export const BOTTOM = 20;
export const LEFT = 48;
export const GAP = 14;
const RIGHT = 8;

/**
 * Where each chart lies, in pixels, and how its values map to them.
 * @param {Chart[]} charts
 * @param {{width: number, height: number, columns: number, bold: number, last: number}} size `last`: step in sight
 * @returns {ChartSpot[]}
 */
export function placeCharts(charts, { width, height, columns, bold, last }) {
  const [title, left, bottom] = [TITLE, LEFT, BOTTOM].map((pixels) => pixels * bold);
  const cell = { width: (width - GAP * (columns - 1)) / columns, height: height / Math.ceil(charts.length / columns) };
  return charts.map((chart, i) => {
    const { range: [low, high], logarithmic } = axisRange(valuesInSight(chart, last), chart);
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
      y: (value) => box.top + box.height * (1 - (scaled(value) - low) / (high - low)),
      ticks: logarithmic ? decades([low, high]) : ticks([low, high]),
    };
  });
}

/**
 * @param {Chart} chart
 * @param {number} last
 * @returns {Values[]}
 */
function valuesInSight({ lines }, last) {
  const all = lines.flatMap(({ values, upper }) => (upper ? [values, upper] : [values]));
  return all.map((values) => (values.length > last + 1 ? values.subarray(0, last + 1) : values));
}

/**
 * @param {Pen} context
 * @param {ChartSpot} spot
 * @param {{theme: Theme, bold: number, last: number}} look
 */
export function paintAxes(context, spot, { theme, bold, last }) {
  context.font = `${10 * bold}px ${theme.font}`;
  context.fillStyle = theme.quiet;
  context.strokeStyle = theme.grid;
  context.lineWidth = 1;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const value of spot.ticks) {
    const y = Math.round(spot.y(value)) + 0.5;
    context.beginPath();
    context.moveTo(spot.left, y);
    context.lineTo(spot.left + spot.width, y);
    context.stroke();
    context.fillText(format(value, 4), spot.left - 4, y);
  }
  context.textBaseline = "top";
  for (const step of wholeTicks(last)) {
    const x = spot.left + (step / last) * spot.width;
    context.textAlign = x > spot.left + spot.width - 14 ? "right" : "center";
    context.fillText(String(step), x + (context.textAlign === "right" ? 8 : 0), spot.top + spot.height + 6);
    context.beginPath();
    context.moveTo(x, spot.top + spot.height);
    context.lineTo(x, spot.top + spot.height + 3);
    context.stroke();
  }
}
