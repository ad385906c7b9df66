// Paths on the landscape: faint as a whole, full up to the playhead, a head where the run is, labels where many are.

import { within } from "../../base/format.js";
import { drawSign } from "../variants.js";

/**
 * @import { Mapping, Path, Pen, Quantity, Run, Theme } from "../../base/types.js"
 * @typedef {{at: Mapping, theme: Theme, bold: number, future: boolean, average: boolean}} Look how paths are drawn
 */

/**
 * A run's path and its average; gives the place of its head.
 * @param {Pen} context
 * @param {Path | Run} run
 * @param {number} playhead
 * @param {Look} look
 */
export function drawPath(context, run, playhead, look) {
  const { theme, bold, future, average, at } = look;
  const position = Math.min(playhead, run.steps);
  const head = run.between(run.theta, position);
  context.strokeStyle = colourOf(run, theme) ?? theme.ink;
  context.globalAlpha = 0.28;
  context.lineWidth = 1.4 * bold;
  if (future) trace(context, at, run.theta, 0, run.steps);
  context.globalAlpha = 1;
  context.lineWidth = 2 * bold;
  trace(context, at, run.theta, 0, Math.floor(position), head);
  if ("ema" in run && run.hasEma && average) drawAverage(context, run, Math.floor(position), look);
  return head;
}

/**
 * @param {Pen} context
 * @param {Mapping} at
 * @param {Quantity} values
 * @param {number} from
 * @param {number} to
 * @param {number[]} [last] a point between two steps
 */
function trace(context, at, values, from, to, last) {
  context.beginPath();
  let pen = false;
  for (let k = from; k <= to; k++) {
    const [x, y] = within(at.x(values(k, 0)), at.y(values(k, 1)));
    if (Number.isFinite(x) && Number.isFinite(y)) {
      pen ? context.lineTo(x, y) : context.moveTo(x, y);
      pen = true;
    } else pen = false;
  }
  if (last && pen) context.lineTo(...within(at.x(last[0]), at.y(last[1])));
  context.stroke();
}

/**
 * @param {Pen} context
 * @param {Run} run
 * @param {number} whole
 * @param {Look} look
 */
function drawAverage(context, run, whole, { at, theme }) {
  const colour = colourOf(run, theme) ?? theme.line("ema");
  const last = Math.min(whole, run.steps) - 1;
  context.strokeStyle = colour;
  context.setLineDash(run.letter ? [2, 3] : []);
  context.lineWidth = 1.2;
  context.globalAlpha = 0.35;
  trace(context, at, run.ema, 0, run.steps - 1);
  context.globalAlpha = 1;
  context.lineWidth = 2;
  trace(context, at, run.ema, 0, last);
  context.setLineDash([]);
  if (whole < 1) return;
  const end = [run.ema(last, 0), run.ema(last, 1)];
  if (end.every(Number.isFinite)) dot(context, at.x(end[0]), at.y(end[1]), 4.5, colour, theme.background);
}

/**
 * Where a run is: a dot, or the sign of its letter.
 * @param {Pen} context
 * @param {Path} run
 * @param {number[]} head
 * @param {Look} look
 */
export function drawHead(context, run, head, { at, theme, bold }) {
  const [x, y] = [at.x(head[0]), at.y(head[1])];
  if (run.letter) drawSign(context, x, y, 7.5, run, theme);
  else dot(context, x, y, 5.5 * bold, theme.ink, theme.background);
}

/**
 * The labels of many runs beside their heads, where none covers another.
 * @param {Pen} context
 * @param {{run: Path, head: number[]}[]} heads
 * @param {Look} look
 */
export function drawLabels(context, heads, { at, theme, bold }) {
  const size = 11 * bold;
  const [right, bottom] = [at.left + at.width, at.top + at.height];
  context.font = `600 ${size}px ${theme.font}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  const labels = [];
  for (const { run, head: [hx, hy] } of heads) {
    const [x, y] = [at.x(hx), at.y(hy)];
    if (!(x >= at.left && x <= right && y >= at.top && y <= bottom)) continue;
    const text = run.label || run.letter || "";
    const { width } = context.measureText(text);
    const beside = x + 12 + width < right ? x + 12 : Math.max(at.left + 3, x - 12 - width);
    labels.push({ run, text, x: beside, y, width });
  }
  stack(labels, { low: at.top + size, high: bottom - size, apart: size + 3 });
  for (const { run, text, x, y, width } of labels) {
    context.globalAlpha = 0.72;
    context.fillStyle = theme.background;
    context.fillRect(x - 3, y - size / 2 - 2, width + 6, size + 3);
    context.globalAlpha = 1;
    context.fillStyle = colourOf(run, theme) ?? theme.ink;
    context.fillText(text, x, y);
  }
}

/**
 * Move labels down until each is apart from those above it, then up from the edge, as far as needed.
 * @param {{x: number, y: number, width: number}[]} labels
 * @param {{low: number, high: number, apart: number}} limits of y, from the top
 */
export function stack(labels, { low, high, apart }) {
  labels.sort((a, b) => a.y - b.y);
  for (const [i, label] of labels.entries()) {
    const above = labels.slice(0, i).filter((other) => meet(label, other)).map(({ y }) => y + apart);
    label.y = Math.max(label.y, low, ...above);
  }
  for (const [i, label] of [...labels.entries()].reverse()) {
    const below = labels.slice(i + 1).filter((other) => meet(label, other)).map(({ y }) => y - apart);
    label.y = Math.min(label.y, high, ...below);
  }
}

/**
 * Whether two labels would cover each other in one line.
 * @param {{x: number, width: number}} a
 * @param {{x: number, width: number}} b
 */
function meet(a, b) {
  return a.x < b.x + b.width + 6 && b.x < a.x + a.width + 6;
}

/**
 * @param {Pen} context
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @param {string} fill
 * @param {string} rim
 */
export function dot(context, x, y, radius, fill, rim) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.strokeStyle = rim;
  context.lineWidth = 2;
  context.fill();
  context.stroke();
}

/**
 * A run's colour among several; null if it is alone.
 * @param {Path} run
 * @param {Theme} theme
 */
export function colourOf({ letter, variant = 0 }, theme) {
  return letter ? theme.variants[variant] : null;
}
