// Lines, dots and words on any pen: a canvas, or the SVG that is taken home.

import { within } from "../format.js";

/**
 * @import { Box, Pen } from "../types.js"
 *
 * @typedef {{colour: string, width?: number, alpha?: number, dash?: number[]}} Stroke
 *
 * @typedef {object} Lettering
 * @property {string} font
 * @property {string} colour
 * @property {CanvasTextAlign} [align]
 * @property {CanvasTextBaseline} [baseline]
 * @property {string} [rim] the colour around letters that stand over lines on a canvas
 * @property {number} [most] pixels that they take at most
 */

/** @type {(context: Pen, box: Box, paint: () => void) => void} nothing outside of it */
export function paintInside(context, { left, top, width, height }, paint) {
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  paint();
  context.restore();
}

/** @type {(context: Pen, points: Iterable<number[]>, stroke: Stroke) => void} interrupted by what is not finite */
export function line(context, points, { colour, width = 1, alpha = 1, dash = [] }) {
  const outer = context.globalAlpha;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.globalAlpha = alpha * outer;
  context.setLineDash(dash);
  context.beginPath();
  let goesOn = false;
  for (const [x, y] of points) {
    const isFinite = Number.isFinite(x + y);
    if (isFinite && goesOn) context.lineTo(...within(x, y));
    else if (isFinite) context.moveTo(...within(x, y));
    goesOn = isFinite;
  }
  context.stroke();
  context.globalAlpha = outer;
  context.setLineDash([]);
}

/** @type {(context: Pen, place: number[], size: number, stroke: Stroke) => void} */
export function cross(context, [x, y], size, stroke) {
  const gap = [NaN, NaN];
  const sides = [[x - size, y - size], [x + size, y + size], gap, [x - size, y + size], [x + size, y - size]];
  line(context, sides, stroke);
}

/** @type {(context: Pen, place: number[], radius: number, fill: string, rim?: string) => void} */
export function dot(context, [x, y], radius, fill, rim) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  paint(context, fill, rim);
}

/** @type {(context: Pen, points: Iterable<number[]>, fill: string, rim?: string) => void} */
export function polygon(context, points, fill, rim) {
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.closePath();
  paint(context, fill, rim);
}

/** @type {(context: Pen, fill: string, rim?: string) => void} */
function paint(context, fill, rim) {
  context.fillStyle = fill;
  context.fill();
  if (!rim) return;
  context.strokeStyle = rim;
  context.lineWidth = 2;
  context.stroke();
}

/** @type {(context: Pen, text: string, place: number[], style: Lettering) => void} */
export function write(context, text, [x, y], { font, colour, align = "left", baseline = "middle", rim, most }) {
  context.font = font;
  context.textAlign = align;
  context.textBaseline = baseline;
  if (rim && "strokeText" in context) {
    context.strokeStyle = rim;
    context.lineWidth = 4;
    context.strokeText(text, x, y);
  }
  context.fillStyle = colour;
  context.fillText(text, x, y, most);
}

/** @type {(context: Pen, box: Box, colour: string, alpha?: number) => void} */
export function fillBox(context, { left, top, width, height }, colour, alpha = 1) {
  context.globalAlpha = alpha;
  context.fillStyle = colour;
  context.fillRect(left, top, width, height);
  context.globalAlpha = 1;
}
