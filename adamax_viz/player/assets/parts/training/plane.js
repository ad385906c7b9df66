// The loss on a plane through the path, with the path as the plane sees it.

import { along, rgb } from "../../base/plot/colour.js";
import { makeLayer, pixelRatio, pointIn } from "../../base/dom.js";
import { begin, clipTo, drawLevel, finish, line, makeGridImage, makeSpot, makeStage } from "../../base/plot/plot.js";

/** @import { Pair, Spot, Theme } from "../../base/types.js" */
/** @import { Plane as PlaneOf } from "./types.js" */

/** @typedef {{plane: PlaneOf, theme: Theme, image: HTMLCanvasElement, levels: number[]}} Drawing */

const LEVELS = 14;
const NEAR = 14; // pixels within which a click takes a point of the path

export class Plane {
  /** @param {{onJump: (step: number) => void}} callbacks for a place on the path that is clicked */
  constructor({ onJump }) {
    const { element, canvas } = makeStage("The loss on a plane through the path");
    this.element = element;
    this.canvas = canvas;
    /** @type {Drawing | null} */
    this.drawing = null;
    /** @type {{canvas: HTMLCanvasElement, size: string} | null} */
    this.ground = null;
    this.canvas.addEventListener("click", (event) => {
      const step = this.nearest(event);
      if (step !== null) onJump(step);
    });
  }

  /**
   * @param {PlaneOf} plane
   * @param {Theme} theme
   */
  take(plane, theme) {
    const { columns: n, data } = plane.shade;
    const shades = theme.landscape.map(rgb);
    const finite = Array.from(data).filter(Number.isFinite);
    const [low, high] = [Math.min(...finite), Math.max(...finite)];
    const image = makeGridImage(n, (i) => {
      const place = Number.isFinite(data[i]) ? (data[i] - low) / (high - low || 1) : 1;
      return [...along(shades, place), 255];
    });
    const levels = Array.from({ length: LEVELS }, (_, i) => low + ((i + 0.5) / LEVELS) * (high - low));
    this.drawing = { plane, theme, image, levels };
    this.ground = null;
  }

  /** @param {number} position */
  draw(position) {
    if (!this.drawing) return;
    const { plane, theme } = this.drawing;
    const ground = this.groundFor(this.drawing);
    const spot = spotOf(this.canvas, plane);
    const context = begin(this.canvas, spot, theme);
    const places = placesOf(plane, spot);
    const reached = Math.max(0, plane.at.findLastIndex((step) => step <= position));
    clipTo(context, spot, () => {
      context.drawImage(ground, spot.left, spot.top, spot.width, spot.height);
      context.strokeStyle = theme.ink;
      context.globalAlpha = 0.25;
      context.lineWidth = 1.5;
      line(context, places);
      context.globalAlpha = 1;
      context.lineWidth = 2;
      line(context, places.slice(0, reached + 1));
      context.beginPath();
      context.arc(...places[reached], 5, 0, 2 * Math.PI);
      context.fillStyle = theme.ink;
      context.fill();
      context.strokeStyle = theme.background;
      context.stroke();
    });
    finish(context, spot, theme);
  }

  /**
   * Shades and level lines, drawn once for each size.
   * @param {Drawing} drawing
   */
  groundFor({ plane, theme, image, levels }) {
    const { width, height } = spotOf(this.canvas, plane);
    const size = `${width} ${height} ${pixelRatio()}`;
    if (this.ground?.size === size) return this.ground.canvas;
    const { canvas, context } = makeLayer(width, height);
    context.imageSmoothingQuality = "high";
    context.drawImage(image, 0, 0, width, height);
    context.strokeStyle = theme.contour;
    const { data, columns } = plane.shade;
    for (const level of levels) drawLevel(context, data, columns, level, { left: 0, top: 0, width, height });
    this.ground = { canvas, size };
    return canvas;
  }

  /** @param {MouseEvent} event */
  nearest(event) {
    if (!this.drawing) return null;
    const { plane } = this.drawing;
    const [x, y] = pointIn(event, this.canvas);
    /** @type {number | null} */
    let step = null;
    let least = NEAR;
    placesOf(plane, spotOf(this.canvas, plane)).forEach((place, k) => {
      const away = Math.hypot(x - place[0], y - place[1]);
      if (away < least) [step, least] = [plane.at[k], away];
    });
    return step;
  }
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {PlaneOf} plane
 */
function spotOf(canvas, { x, y }) {
  return makeSpot(canvas, x, y);
}

/**
 * The path in pixels.
 * @param {PlaneOf} plane
 * @param {Spot} spot
 * @returns {Pair[]}
 */
function placesOf({ path, at }, spot) {
  return Array.from(at, (_, k) => [spot.x(path.data[2 * k]), spot.y(path.data[2 * k + 1])]);
}
