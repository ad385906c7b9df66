// The loss on a plane through the path, with the path as the plane sees it.

import { begin, clipTo, drawLevel, finish, line, makeImage, makeSpot, makeStage, rgb } from "../../base/plot.js";

export class Plane {
  /** `onJump(step)` when the path is clicked. */
  constructor({ onJump }) {
    Object.assign(this, makeStage("The loss on a plane through the path"));
    this.onJump = onJump;
    this.canvas.addEventListener("click", (event) => {
      const step = this.nearest(event);
      if (step !== null) this.onJump(step);
    });
  }

  update(plane, theme) {
    Object.assign(this, { plane, theme, ground: null });
    const { columns: n, data } = plane.shade;
    const shades = theme.landscape.map(rgb);
    const finite = Array.from(data).filter(Number.isFinite);
    const [low, high] = [Math.min(...finite), Math.max(...finite)];
    this.image = makeImage(n, n, (i) => {
      const value = data[(n - 1 - Math.floor(i / n)) * n + (i % n)];
      if (!Number.isFinite(value)) return [...shades.at(-1), 255];
      const at = ((value - low) / (high - low || 1)) * (shades.length - 1);
      const [k, t] = [Math.min(shades.length - 2, Math.floor(at)), at - Math.min(shades.length - 2, Math.floor(at))];
      return [...shades[k].map((v, c) => v + (shades[k + 1][c] - v) * t), 255];
    });
    this.levels = Array.from({ length: 14 }, (_, i) => low + ((i + 0.5) / 14) * (high - low));
  }

  spot() {
    const { x, y } = this.plane;
    return makeSpot(this.canvas, [x[0], x.at(-1)], [y[0], y.at(-1)]);
  }

  point(spot, step) {
    const { path } = this.plane;
    return [spot.x(path.data[2 * step]), spot.y(path.data[2 * step + 1])];
  }

  draw(position) {
    if (!this.plane) return;
    const { theme } = this;
    const { path, at } = this.plane;
    const spot = this.spot();
    const context = begin(this.canvas, spot, theme);
    clipTo(context, spot, () => {
      context.drawImage(this.groundFor(spot), spot.left, spot.top, spot.width, spot.height);
      const count = path.data.length / 2;
      const reached = at.findLastIndex((step) => step <= position);
      const places = Array.from({ length: count }, (_, k) => this.point(spot, k));
      context.strokeStyle = theme.ink;
      context.globalAlpha = 0.25;
      context.lineWidth = 1.5;
      line(context, places);
      context.globalAlpha = 1;
      context.lineWidth = 2;
      line(context, places.slice(0, reached + 1));
      const [x, y] = places[Math.max(0, reached)];
      context.beginPath();
      context.arc(x, y, 5, 0, 2 * Math.PI);
      context.fillStyle = theme.ink;
      context.fill();
      context.strokeStyle = theme.background;
      context.stroke();
    });
    finish(context, spot, theme);
  }

  /** Shades and level lines, drawn once for each size. */
  groundFor(spot) {
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(spot.width * ratio), Math.round(spot.height * ratio)];
    if (this.ground?.width === width && this.ground.height === height) return this.ground;
    this.ground = Object.assign(document.createElement("canvas"), { width, height });
    const context = this.ground.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(this.image, 0, 0, width, height);
    context.strokeStyle = this.theme.contour;
    context.lineWidth = ratio;
    const { data, columns } = this.plane.shade;
    for (const level of this.levels) drawLevel(context, data, columns, level, { left: 0, top: 0, width, height });
    return this.ground;
  }

  nearest(event) {
    if (!this.plane) return null;
    const box = this.canvas.getBoundingClientRect();
    const spot = this.spot();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    let [best, least] = [null, 14];
    for (let k = 0; k < this.plane.at.length; k++) {
      const [x, y] = this.point(spot, k);
      const away = Math.hypot(px - x, py - y);
      if (away < least) [best, least] = [this.plane.at[k], away];
    }
    return best;
  }
}
