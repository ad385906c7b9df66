// One surface, one start, and the path under each p: the limits named, all between them as a fan, the chosen one bold.

import { rgb } from "../../base/plot/colour.js";
import { makeLayer, pixelRatio } from "../../base/dom.js";
import { clamp, format } from "../../base/format.js";
import {
  begin,
  clipTo,
  drawLevel,
  finish,
  line,
  makeGridImage,
  makeSpot,
  makeStage,
  writeRimmed,
} from "../../base/plot/plot.js";

/** @import { Pair, Spot, SurfaceHeader, Theme, Values } from "../../base/types.js" */

/**
 * Paths by stop of the slider, step and coordinate.
 * @typedef {object} PathsOf
 * @property {number} stops
 * @property {number} steps
 * @property {number[]} loss at the end of each
 * @property {(stop: number, step: number, coordinate: number) => number} at
 */

/**
 * What is drawn.
 * @typedef {object} Drawing
 * @property {SurfaceHeader} surface
 * @property {Values} shade
 * @property {[Pair, Pair]} window
 * @property {PathsOf} paths
 * @property {Theme} theme
 * @property {string} title
 */

const FAN_EVERY = 4;

export class Paths {
  constructor() {
    this.stage = makeStage("The surface with the paths", { class: "al-normstage al-paths" });
    /** @type {Drawing | null} */
    this.drawing = null;
    /** @type {{canvas: HTMLCanvasElement, size: string} | null} */
    this.ground = null;
  }

  /**
   * The ground is painted when its size is known.
   * @param {Drawing} drawing
   */
  take(drawing) {
    this.drawing = drawing;
    this.ground = null;
  }

  /**
   * @param {number} stop
   * @param {string} words
   */
  draw(stop, words) {
    if (!this.drawing) return;
    const { theme, paths, window: [xRange, yRange], title } = this.drawing;
    const { canvas, element } = this.stage;
    const spot = makeSpot(canvas, xRange, yRange);
    const ground = this.groundFor(this.drawing, spot);
    const context = begin(canvas, spot, theme);
    context.drawImage(ground, 0, 0, canvas.clientWidth, canvas.clientHeight);
    clipTo(context, spot, () => {
      context.lineJoin = "round";
      context.strokeStyle = theme.quiet;
      context.lineWidth = 1.6;
      for (const limit of [0, paths.stops - 1]) line(context, pointsOf(paths, limit, spot));
      context.strokeStyle = theme.ink;
      context.lineWidth = 2.6;
      line(context, pointsOf(paths, stop, spot));
      drawEnds(context, spot, paths, theme, stop);
    });
    finish(context, spot, theme);
    element.setAttribute(
      "aria-label",
      `${title} with the paths for p = 2, for the chosen p and for infinity. ${words}`,
    );
  }

  /**
   * What no p changes: the surface with its lines and minima, and a fan of paths.
   * @param {Drawing} drawing
   * @param {Spot} spot
   */
  groundFor(drawing, spot) {
    const { clientWidth, clientHeight } = this.stage.canvas;
    const size = `${clientWidth} ${clientHeight} ${pixelRatio()}`;
    if (this.ground?.size === size) return this.ground.canvas;
    const { canvas, context } = makeLayer(clientWidth, clientHeight);
    clipTo(context, spot, () => {
      drawSurface(context, spot, drawing);
      drawFan(context, spot, drawing);
      drawMinima(context, spot, drawing);
    });
    this.ground = { canvas, size };
    return canvas;
  }
}

/**
 * A path in pixels, as far as it is finite.
 * @param {PathsOf} paths
 * @param {number} stop
 * @param {Spot} spot
 * @returns {Pair[]}
 */
function pointsOf({ steps, at }, stop, spot) {
  /** @type {Pair[]} */
  const points = [];
  for (let k = 0; k <= steps; k++) {
    const [x, y] = [at(stop, k, 0), at(stop, k, 1)];
    if (Number.isFinite(x) && Number.isFinite(y)) points.push([spot.x(x), spot.y(y)]);
  }
  return points;
}

/**
 * A ring at the start, a hollow circle where Adam ends, a square where Adamax does, a ball at the chosen p.
 * @param {CanvasRenderingContext2D} context
 * @param {Spot} spot
 * @param {PathsOf} paths
 * @param {Theme} theme
 * @param {number} stop
 */
function drawEnds(context, spot, paths, theme, stop) {
  const { ink, quiet, background } = theme;
  const [start, adam, adamax, chosen] = [
    pointsOf(paths, 0, spot)[0],
    ...[0, paths.stops - 1, stop].map((each) => pointsOf(paths, each, spot).slice(-1)[0]),
  ];
  const shape = (/** @type {() => void} */ outline, /** @type {string} */ fill, /** @type {string} */ stroke) => {
    context.beginPath();
    outline();
    context.lineWidth = 2;
    context.fillStyle = fill;
    context.strokeStyle = stroke;
    context.fill();
    context.stroke();
  };
  shape(() => context.arc(...start, 6, 0, 7), background, ink);
  shape(() => context.arc(...adam, 5, 0, 7), background, quiet);
  shape(() => context.rect(adamax[0] - 5, adamax[1] - 5, 10, 10), background, quiet);
  shape(() => context.arc(...chosen, 4.5, 0, 7), ink, background);
  context.font = `600 12px ${theme.font}`;
  context.textBaseline = "middle";
  const name = (/** @type {string} */ text, /** @type {Pair} */ [x, y]) => {
    const leftwards = x > spot.left + spot.width - 60;
    context.textAlign = leftwards ? "right" : "left";
    writeRimmed(context, text, [x + (leftwards ? -10 : 10), y], { ink, rim: background, width: 3 });
  };
  const close = Math.hypot(adam[0] - adamax[0], adam[1] - adamax[1]) < 16;
  name(close ? "p = 2 and ∞" : "p = 2", adam);
  if (!close) name("p = ∞", adamax);
  name("start", start);
}

/**
 * Bands of colour and the lines between them.
 * @param {CanvasRenderingContext2D} context
 * @param {Spot} spot
 * @param {Drawing} drawing
 */
function drawSurface(context, spot, { surface, shade, theme }) {
  const { size: n, domain: [[x0, x1], [y0, y1]], levels: [first, last, step] } = surface;
  const colours = theme.landscape.map(rgb);
  const bands = Math.max(1, Math.round((last - first) / step) + 1);
  const image = makeGridImage(n, (i) => {
    if (!Number.isFinite(shade[i])) return [0, 0, 0, 0];
    const band = clamp(Math.ceil((shade[i] - first) / step), 0, bands) / bands;
    return [...colours[Math.round(band * (colours.length - 1))], 255];
  });
  const area = { left: spot.x(x0), top: spot.y(y1), width: spot.x(x1) - spot.x(x0), height: spot.y(y0) - spot.y(y1) };
  context.imageSmoothingEnabled = true;
  context.drawImage(image, area.left, area.top, area.width, area.height);
  context.strokeStyle = theme.contour;
  context.lineWidth = 0.7;
  for (let i = 0; i < bands; i++) drawLevel(context, shade, n, first + i * step, area);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Spot} spot
 * @param {Drawing} drawing
 */
function drawFan(context, spot, { paths, theme }) {
  context.strokeStyle = theme.ink;
  context.globalAlpha = 0.13;
  context.lineWidth = 1;
  for (let stop = 0; stop < paths.stops; stop += FAN_EVERY) line(context, pointsOf(paths, stop, spot));
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Spot} spot
 * @param {Drawing} drawing
 */
function drawMinima(context, spot, { surface, theme }) {
  context.fillStyle = theme.minimum;
  context.font = `18px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const { x, y, is_global } of surface.minima) context.fillText(is_global ? "★" : "☆", spot.x(x), spot.y(y));
}

/**
 * Where a path ends, in words.
 * @param {PathsOf} paths
 * @param {number} stop
 */
export function endOf(paths, stop) {
  const [x, y] = [0, 1].map((d) => format(paths.at(stop, paths.steps, d), 3));
  return `(${x}, ${y}), loss ${format(paths.loss[stop], 3)}`;
}
