// One surface, one start, and the path under each p: the limits named, all between them as a fan, the chosen one bold.

import { format } from "../../base/dom.js";
import { begin, clipTo, drawLevel, finish, line, makeImage, makeSpot, makeStage, rgb } from "../../base/plot.js";

const FAN_EVERY = 4;

export class Paths {
  constructor() {
    this.stage = makeStage("The surface with the paths", { class: "al-normstage al-paths" });
    this.ground = document.createElement("canvas");
  }

  /** Take a surface, its paths `(stop, step, coordinate)` and the theme; the ground is painted when its size is known. */
  take({ surface, shade, window, paths, theme, title }) {
    Object.assign(this, { surface, shade, window, paths, theme, title });
    this.key = null;
  }

  spotOf() {
    const [x, y] = this.window;
    return makeSpot(this.stage.canvas, x, y);
  }

  draw(stop, words) {
    if (!this.paths) return;
    const { theme, paths } = this;
    const { canvas, element } = this.stage;
    const spot = this.spotOf();
    const context = begin(canvas, spot, theme);
    const size = [canvas.clientWidth, canvas.clientHeight];
    const key = `${size}|${theme.name}`;
    if (key !== this.key) this.paintGround(spot, size);
    this.key = key;
    context.drawImage(this.ground, 0, 0, ...size);
    clipTo(context, spot, () => {
      context.lineJoin = "round";
      for (const limit of [0, paths.stops - 1]) {
        context.strokeStyle = theme.quiet;
        context.lineWidth = 1.6;
        line(context, this.points(spot, limit));
      }
      context.strokeStyle = theme.ink;
      context.lineWidth = 2.6;
      line(context, this.points(spot, stop));
      this.ends(context, spot, stop);
    });
    finish(context, spot, theme);
    element.setAttribute(
      "aria-label",
      `${this.title} with the paths for p = 2, for the chosen p and for infinity. ${words}`,
    );
  }

  points(spot, stop) {
    const found = [];
    for (let k = 0; k <= this.paths.steps; k++) {
      const [x, y] = [this.paths.at(stop, k, 0), this.paths.at(stop, k, 1)];
      if (Number.isFinite(x) && Number.isFinite(y)) found.push([spot.x(x), spot.y(y)]);
    }
    return found;
  }

  /** A ring at the start, a hollow circle where Adam ends, a square where Adamax does, a ball at the chosen p. */
  ends(context, spot, stop) {
    const { theme, paths } = this;
    const shape = (paint, fill, stroke) => {
      context.beginPath();
      paint();
      context.lineWidth = 2;
      context.fillStyle = fill;
      context.strokeStyle = stroke;
      context.fill();
      context.stroke();
    };
    const end = (which) => this.points(spot, which).at(-1);
    const [sx, sy] = this.points(spot, 0)[0];
    const [ax, ay] = end(0);
    const [bx, by] = end(paths.stops - 1);
    const [x, y] = end(stop);
    shape(() => context.arc(sx, sy, 6, 0, 7), theme.background, theme.ink);
    shape(() => context.arc(ax, ay, 5, 0, 7), theme.background, theme.quiet);
    shape(() => context.rect(bx - 5, by - 5, 10, 10), theme.background, theme.quiet);
    shape(() => context.arc(x, y, 4.5, 0, 7), theme.ink, theme.background);
    context.font = `600 12px ${theme.font}`;
    context.textBaseline = "middle";
    const name = (text, px, py) => {
      context.textAlign = px > spot.left + spot.width - 60 ? "right" : "left";
      const shift = context.textAlign === "left" ? 10 : -10;
      context.lineWidth = 3;
      context.strokeStyle = theme.background;
      context.strokeText(text, px + shift, py);
      context.fillStyle = theme.ink;
      context.fillText(text, px + shift, py);
    };
    const close = Math.hypot(ax - bx, ay - by) < 16;
    name(close ? "p = 2 and ∞" : "p = 2", ax, ay);
    if (!close) name("p = ∞", bx, by);
    name("start", sx, sy);
  }

  /** What no p changes: the surface with its lines and minima, and a fan of paths. */
  paintGround(spot, size) {
    const { surface, shade, theme, paths } = this;
    const ratio = window.devicePixelRatio || 1;
    Object.assign(this.ground, { width: Math.round(size[0] * ratio), height: Math.round(size[1] * ratio) });
    const context = this.ground.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const n = surface.size;
    const [[x0, x1], [y0, y1]] = surface.domain;
    const [start, end, step] = surface.levels;
    const colours = theme.landscape.map(rgb);
    const bands = Math.max(1, Math.round((end - start) / step) + 1);
    const image = makeImage(n, n, (i) => {
      const value = shade[(n - 1 - Math.floor(i / n)) * n + (i % n)]; // rows of an image go down, those of a grid up
      if (!Number.isFinite(value)) return [0, 0, 0, 0];
      const band = Math.min(Math.max(Math.ceil((value - start) / step), 0), bands) / bands;
      return [...colours[Math.round(band * (colours.length - 1))], 255];
    });
    const area = { left: spot.x(x0), top: spot.y(y1), width: spot.x(x1) - spot.x(x0), height: spot.y(y0) - spot.y(y1) };
    clipTo(context, spot, () => {
      context.imageSmoothingEnabled = true;
      context.drawImage(image, area.left, area.top, area.width, area.height);
      context.strokeStyle = theme.contour;
      context.lineWidth = 0.7;
      for (let i = 0; i < bands; i++) drawLevel(context, shade, n, start + i * step, area);
      context.strokeStyle = theme.ink;
      context.globalAlpha = 0.13;
      context.lineWidth = 1;
      for (let stop = 0; stop < paths.stops; stop += FAN_EVERY) line(context, this.points(spot, stop));
      context.globalAlpha = 1;
      context.fillStyle = theme.minimum;
      context.font = `18px ${theme.font}`;
      context.textAlign = "center";
      context.textBaseline = "middle";
      for (const m of surface.minima) context.fillText(m.is_global ? "★" : "☆", spot.x(m.x), spot.y(m.y));
    });
  }
}

/** Where a path ends, in words. */
export function endOf(paths, stop) {
  const [x, y] = [0, 1].map((d) => format(paths.at(stop, paths.steps, d), 3));
  return `(${x}, ${y}), loss ${format(paths.loss[stop], 3)}`;
}
