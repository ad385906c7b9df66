// One surface, one start, and the path under each p: the limits named, all between them as a fan, the chosen one bold.

import { rgb } from "../../base/plot/colour.js";
import { clamp, format } from "../../base/format.js";
import { drawLevel, drawPlot, line, makeGridImage, makeGround, makeSpot, Stage, write } from "../../base/plot/plot.js";
import { dot } from "../../base/plot/pen.js";

/**
 * @import { Surface } from "../../base/types.js"
 * @import { Plot } from "../../base/plot/plot.js"
 * @import { Norms } from "../../scenes/norms.js"
 *
 * @typedef {object} PathsOf
 * @property {number} stops of the slider
 * @property {number} steps
 * @property {number[]} loss at the end of each
 * @property {(stop: number, step: number, coordinate: number) => number} at
 */

const FAN_EVERY = 4;

export class Paths extends Stage {
  /** @type {ReturnType<typeof makeGround>} what no p changes: the surface with its minima, and a fan of paths */
  ground;

  /** @param {Norms} scene */
  constructor(scene) {
    super({ class: "al-normstage al-paths", "aria-label": "The surface with the paths" });
    this.scene = scene;
  }

  /** @param {Surface} surface */
  take(surface) {
    const { runs, root: { theme } } = this.scene;
    this.ground = makeGround((plot) => {
      drawSurface(plot, surface);
      for (let stop = 0; stop < runs.stops; stop += FAN_EVERY) {
        line(plot.context, pointsOf(runs, stop, plot), { colour: theme.ink, alpha: 0.13 });
      }
      for (const { x, y, is_global } of surface.minima) {
        const style = { font: `18px ${theme.font}`, colour: theme.minimum };
        write(plot.context, is_global ? "★" : "☆", [plot.x(x), plot.y(y)], { ...style, align: "center" });
      }
    });
  }

  /** @type {(stop: number, words: string) => void} */
  draw(stop, words) {
    const { runs, root: { theme }, payload: { header: { window, title } } } = this.scene;
    drawPlot(this.canvas, makeSpot(this.canvas, ...window), theme, (plot) => {
      const { context } = plot;
      const [adam, adamax, chosen] = [0, runs.stops - 1, stop].map((each) => pointsOf(runs, each, plot));
      this.ground(plot);
      context.lineJoin = "round";
      for (const limit of [adam, adamax]) line(context, limit, { colour: theme.quiet, width: 1.6 });
      line(context, chosen, { colour: theme.ink, width: 2.6 });
      drawEnds(plot, [adam[0], ...[adam, adamax, chosen].map((points) => points[points.length - 1])]);
    });
    const label = `${title} with the paths for p = 2, for the chosen p and for infinity. ${words}`;
    this.element.setAttribute("aria-label", label);
  }
}

/** @type {(paths: PathsOf, stop: number, plot: Plot) => number[][]} in pixels, as far as it is finite */
function pointsOf({ steps, at }, stop, { x, y }) {
  const points = Array.from({ length: steps + 1 }, (_, k) => [x(at(stop, k, 0)), y(at(stop, k, 1))]);
  return points.filter((point) => point.every(Number.isFinite));
}

/**
 * A ring at the start, a hollow circle where Adam ends, a square where Adamax does, a ball at the chosen p.
 * @type {(plot: Plot, places: number[][]) => void} in this order
 */
function drawEnds({ context, left, width, theme: { ink, quiet, background, font } }, [start, adam, adamax, chosen]) {
  dot(context, start, 6, background, ink);
  dot(context, adam, 5, background, quiet);
  context.strokeStyle = quiet;
  context.fillRect(adamax[0] - 5, adamax[1] - 5, 10, 10);
  context.strokeRect(adamax[0] - 5, adamax[1] - 5, 10, 10);
  dot(context, chosen, 4.5, ink, background);
  const name = (/** @type {string} */ text, /** @type {number[]} */ [x, y]) => {
    const leftwards = x > left + width - 60;
    const style = { font: `600 12px ${font}`, colour: ink, rim: background };
    write(context, text, [x + (leftwards ? -10 : 10), y], { ...style, align: leftwards ? "right" : "left" });
  };
  const close = Math.hypot(adam[0] - adamax[0], adam[1] - adamax[1]) < 16;
  name(close ? "p = 2 and ∞" : "p = 2", adam);
  if (!close) name("p = ∞", adamax);
  name("start", start);
}

/** @type {(plot: Plot, surface: Surface) => void} bands of colour and the lines between them */
function drawSurface({ context, theme, ...spot }, { shade, size: n, domain: [[x0, x1], [y0, y1]], levels }) {
  const [first, last, step] = levels;
  const colours = theme.landscape.map(rgb);
  const bands = Math.max(1, Math.round((last - first) / step) + 1);
  const image = makeGridImage(n, (i) => {
    if (!Number.isFinite(shade[i])) return [0, 0, 0, 0];
    const band = clamp(Math.ceil((shade[i] - first) / step), 0, bands) / bands;
    return [...colours[Math.round(band * (colours.length - 1))], 255];
  });
  const [left, top] = [spot.x(x0), spot.y(y1)];
  const area = { left, top, width: spot.x(x1) - left, height: spot.y(y0) - top };
  context.imageSmoothingEnabled = true;
  context.drawImage(image, area.left, area.top, area.width, area.height);
  context.strokeStyle = theme.contour;
  context.lineWidth = 0.7;
  for (let i = 0; i < bands; i++) drawLevel(context, shade, n, first + i * step, area);
}

/** @type {(paths: PathsOf, stop: number) => string} where a path ends, in words */
export function endOf(paths, stop) {
  const [x, y] = [0, 1].map((d) => format(paths.at(stop, paths.steps, d), 3));
  return `(${x}, ${y}), loss ${format(paths.loss[stop], 3)}`;
}
