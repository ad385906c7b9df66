// The loss on a plane through the path, with the path as the plane sees it.

import { along, rgb } from "../../base/plot/colour.js";
import { h, pointIn } from "../../base/dom.js";
import { format } from "../../base/format.js";
import { drawLevel, drawPlot, line, makeGridImage, makeGround, makeSpot, Stage } from "../../base/plot/plot.js";
import { dot } from "../../base/plot/pen.js";
import { Choice } from "../choices.js";
import { frameAt, rowsOf } from "./payload.js";
import { nearest } from "./pointer.js";

/** @import { Training } from "../../scenes/training.js" */

const LEVELS = 14;
const NEAR = 14; // pixels within which a click takes a point of the path

export class Plane extends Stage {
  /** @type {ReturnType<typeof makeGround>} */
  ground;
  note = h("p", { class: "al-quiet" });

  /** @param {Training} scene */
  constructor(scene) {
    super({ "aria-label": "The loss on a plane through the path" });
    this.scene = scene;
    this.kinds = new Choice("Plane", (plane) => scene.channel.request({ plane }, true), { class: "al-planes" });
    this.canvas.addEventListener("click", (event) => {
      const [x, y] = pointIn(event, this.canvas);
      const places = this.places();
      const k = nearest([...places.keys()], (k) => Math.hypot(x - places[k][0], y - places[k][1]), NEAR);
      if (k !== null) scene.transport.jump(this.steps[k]);
    });
  }

  take() {
    const { payload: { header: { plane }, arrays }, root: { theme } } = this.scene;
    this.note.textContent = plane.words;
    this.kinds.take(plane.kinds, plane.basis ?? "");
    this.element.hidden = plane.basis === null;
    if (plane.basis === null) return;
    const { columns: n, data } = arrays["plane.shade"];
    const finite = Array.from(data).filter(Number.isFinite);
    const [low, high] = [Math.min(...finite), Math.max(...finite)];
    const shades = theme.landscape.map(rgb);
    const image = makeGridImage(n, (i) => {
      const place = Number.isFinite(data[i]) ? (data[i] - low) / (high - low || 1) : 1;
      return [...along(shades, place), 255];
    });
    this.ground = makeGround(({ context, ...spot }) => {
      context.imageSmoothingQuality = "high";
      context.drawImage(image, spot.left, spot.top, spot.width, spot.height);
      context.strokeStyle = theme.contour;
      for (let i = 0; i < LEVELS; i++) drawLevel(context, data, n, low + ((i + 0.5) / LEVELS) * (high - low), spot);
    });
  }

  /** Those of the path that the plane knows. */
  get steps() {
    return this.scene.payload.arrays["plane.steps"].data;
  }

  get spot() {
    const { x, y } = this.scene.payload.header.plane;
    return makeSpot(this.canvas, x, y);
  }

  /** The path in pixels. */
  places() {
    const { x, y } = this.spot;
    return rowsOf(this.scene.payload.arrays["plane.path"]).map((point) => [x(point[0]), y(point[1])]);
  }

  /** @param {number} position */
  draw(position) {
    const { theme } = this.scene.root;
    const places = this.places();
    const reached = frameAt(this.steps, position);
    drawPlot(this.canvas, this.spot, theme, (plot) => {
      const { context } = plot;
      this.ground(plot);
      line(context, places, { colour: theme.ink, width: 1.5, alpha: 0.25 });
      line(context, places.slice(0, reached + 1), { colour: theme.ink, width: 2 });
      dot(context, places[reached], 5, theme.ink, theme.background);
    });
  }

  /**
   * What the plane shows of the step at the playhead, and what it does not.
   * @param {number} position
   */
  tell(position) {
    const { header: { plane }, arrays } = this.scene.payload;
    const k = frameAt(this.steps, position);
    const [away, here, there] = ["away", "loss", "seen"].map((name) => format(arrays[`plane.${name}`].data[k], 3));
    this.note.textContent = `${plane.words} At step ${this.steps[k]} the weights are ${away} away from it: ` +
      `their loss is ${here}, that of the point shown ${there}.`;
  }
}
