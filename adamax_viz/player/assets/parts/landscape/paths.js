// Paths on the landscape: faint as a whole, full up to the playhead, a head where the run is, labels where many are.

import { dot, fillBox, line, write } from "../../base/plot/pen.js";
import { drawSign } from "../variants.js";

/**
 * @import { Mapping, Path, Pen, Quantity, Run, Theme } from "../../base/types.js"
 * @import { Runs } from "../../scenes/runs.js"
 * @import { Switches } from "./arrows.js"
 *
 * @typedef {Runs["options"]["look"] & {at: Mapping, theme: Theme, shown: Switches}} Look as the page wants it
 */

/**
 * Draw a run up to the playhead, and its average; gives its head in pixels.
 * @type {(context: Pen, run: Path | Run, playhead: number, look: Look) => number[]}
 */
export function drawPath(context, run, playhead, look) {
  const { theme, bold, future, concealed, shown, at } = look;
  const position = Math.min(playhead, run.steps);
  const [x, y] = run.between(run.theta, position);
  const head = [at.x(x), at.y(y)];
  const colour = colourOf(run, theme, theme.ink);
  const points = trace(at, run.theta, run.steps);
  if (future) line(context, points, { colour, alpha: 0.28, width: 1.4 * bold });
  line(context, [...points.slice(0, Math.floor(position) + 1), head], { colour, width: 2 * bold });
  if ("ema" in run && run.hasEma && shown.ema && !concealed) drawAverage(context, run, Math.floor(position), look);
  return head;
}

/** @type {(at: Mapping, values: Quantity, last: number) => number[][]} */
function trace(at, values, last) {
  return Array.from({ length: last + 1 }, (_, k) => [at.x(values(k, 0)), at.y(values(k, 1))]);
}

/** @type {(context: Pen, run: Run, whole: number, look: Look) => void} */
function drawAverage(context, run, whole, { at, theme }) {
  const colour = colourOf(run, theme, theme.line("ema"));
  const dash = run.letter ? [2, 3] : [];
  const points = trace(at, run.ema, run.steps - 1);
  const done = points.slice(0, whole);
  line(context, points, { colour, alpha: 0.35, width: 1.2, dash });
  line(context, done, { colour, width: 2, dash });
  const end = done.at(-1);
  if (end?.every(Number.isFinite)) dot(context, end, 4.5, colour, theme.background);
}

/** @type {(context: Pen, run: Path, head: number[], look: Look) => void} where a run is: a dot, or its letter's sign */
export function drawHead(context, run, head, { theme, bold }) {
  if (run.letter) drawSign(context, head, run, theme);
  else dot(context, head, 5.5 * bold, theme.ink, theme.background);
}

/** @type {(context: Pen, heads: {run: Path, head: number[]}[], look: Look) => void} where none covers another */
export function drawLabels(context, heads, { at, theme, bold }) {
  const size = 11 * bold;
  const font = `600 ${size}px ${theme.font}`;
  const [right, bottom] = [at.left + at.width, at.top + at.height];
  context.font = font;
  const labels = [];
  for (const { run, head: [x, y] } of heads) {
    if (!(x >= at.left && x <= right && y >= at.top && y <= bottom)) continue;
    const text = run.label || run.letter || "";
    const { width } = context.measureText(text);
    const beside = x + 12 + width < right ? x + 12 : Math.max(at.left + 3, x - 12 - width);
    labels.push({ run, text, x: beside, y, width });
  }
  stack(labels, { low: at.top + size, high: bottom - size, apart: size + 3 });
  for (const { run, text, x, y, width } of labels) {
    const box = { left: x - 3, top: y - size / 2 - 2, width: width + 6, height: size + 3 };
    fillBox(context, box, theme.background, 0.72);
    write(context, text, [x, y], { font, colour: colourOf(run, theme, theme.ink) });
  }
}

/** @typedef {{x: number, y: number, width: number}} Label */

/**
 * Move labels down until each is apart from those above it, then up from the edge, as far as needed.
 * @type {(labels: Label[], limits: {low: number, high: number, apart: number}) => void} `limits` of y, from the top
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

/** @type {(a: Label, b: Label) => boolean} whether they would cover each other in one line */
function meet(a, b) {
  return a.x < b.x + b.width + 6 && b.x < a.x + a.width + 6;
}

/** @type {(run: Path, theme: Theme, alone: string) => string} its own among several runs */
export function colourOf({ letter, variant = 0 }, theme, alone) {
  return letter ? theme.variants[variant] : alone;
}
