// Paths on the landscape: faint as a whole, full up to the playhead, a head where the run is, labels where many are.

import { clamp, within } from "../../base/format.js";
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
 * The labels of many runs beside their heads, each moved down until it covers no other.
 * @param {Pen} context
 * @param {{run: Path, head: number[]}[]} heads
 * @param {Look} look
 */
export function drawLabels(context, heads, { at, theme, bold }) {
  const size = 11 * bold;
  /** @type {{x: number, y: number, width: number}[]} */
  const placed = [];
  context.font = `600 ${size}px ${theme.font}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  const finite = heads.filter(({ head }) => head.every(Number.isFinite));
  for (const { run, head } of finite.sort((a, b) => at.y(a.head[1]) - at.y(b.head[1]))) {
    const text = run.label || run.letter || "";
    const { width } = context.measureText(text);
    const [hx, hy] = [at.x(head[0]), at.y(head[1])];
    if (hx < at.left || hx > at.left + at.width || hy < at.top || hy > at.top + at.height) continue;
    const x = hx + 12 + width < at.left + at.width ? hx + 12 : hx - 12 - width;
    let y = clamp(hy, at.top + size, at.top + at.height - size);
    for (const other of placed) {
      if (Math.abs(other.y - y) < size + 3 && x < other.x + other.width + 6 && other.x < x + width + 6) {
        y = other.y + size + 3;
      }
    }
    placed.push({ x, y, width });
    context.globalAlpha = 0.72;
    context.fillStyle = theme.background;
    context.fillRect(x - 3, y - size / 2 - 2, width + 6, size + 3);
    context.globalAlpha = 1;
    context.fillStyle = colourOf(run, theme) ?? theme.ink;
    context.fillText(text, x, y);
  }
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
