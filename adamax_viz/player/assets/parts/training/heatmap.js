// Heat maps parameter x step: four quantities side by side over the same rows, variable by variable.

import { mixed, rgb } from "../../base/plot/colour.js";
import { cleared, h, makeLayer, pointIn } from "../../base/dom.js";
import { clamp, format } from "../../base/format.js";
import { fillBox } from "../../base/plot/pen.js";
import { makeImage, Stage, write, writeOn } from "../../base/plot/plot.js";
import { findParameter, layOut, NAMES, rowOf } from "./heat_layout.js";
import { nameOf } from "./payload.js";
import { followPointer } from "./pointer.js";

/**
 * @import { Theme } from "../../base/types.js"
 * @import { Training } from "../../scenes/training.js"
 * @import { HeatMap } from "./types.js"
 * @import { Place } from "./heat_layout.js"
 *
 * @typedef {(context: CanvasRenderingContext2D, place: Place, scene: Training) => void} Paint
 */

export class HeatMaps extends Stage {
  /** @type {Place[]} */
  places = [];
  /** @type {HTMLCanvasElement} all that stays until the next data */
  ground;
  words = h("ul", { class: "al-hidden" });
  /** @type {ReturnType<typeof findParameter>} */
  hovered = null;

  /** @param {Training} scene */
  constructor(scene) {
    super({ class: "al-heat", role: null });
    this.scene = scene;
    this.element.append(this.words);
    const find = (/** @type {MouseEvent} */ event) =>
      findParameter(this.places, scene.payload.header.steps, pointIn(event, this.canvas));
    followPointer(this, find, ({ step, column }) => {
      scene.transport.jump(step);
      scene.pick(column);
    });
  }

  take() {
    const { bands, maps } = this.scene.payload.header.heat;
    const { places, height } = layOut(maps, bands, this.element.clientWidth);
    this.element.style.height = `${height}px`;
    const { canvas, context } = makeLayer(this.element.clientWidth, this.element.clientHeight);
    for (const place of places) {
      for (const paint of [paintMap, paintAxis, paintTitle]) paint(context, place, this.scene);
      if (place.first) paintNames(context, place, this.scene);
    }
    this.places = places;
    this.ground = canvas;
    this.words.replaceChildren(...bands.map(({ name, size, branch }) => {
      // Nothing under a rule that takes no max.
      const won = branch === null ? "" : `; |g| won the max in ${percent(branch)} of its updates`;
      return h("li", {}, `${name}: ${size} parameters${won}.`);
    }));
  }

  /** @param {number} position */
  draw(position) {
    const { places, ground, hovered, scene: { payload: { header }, root: { theme }, picked } } = this;
    const context = cleared(this.canvas);
    context.drawImage(ground, 0, 0, this.element.clientWidth, this.element.clientHeight);
    for (const place of places) {
      const { left, top, width, height } = place;
      const x = left + clamp(position / header.steps, 0, 1) * width;
      // What has not happened yet at the playhead is veiled.
      fillBox(context, { left: x, top, width: left + width - x, height }, theme.background, 0.6);
      fillBox(context, { left: x - 0.5, top: top - 2, width: 1, height: height + 4 }, theme.ink);
      context.strokeStyle = theme.ink;
      picked.forEach((column, i) => markRow(context, place, column, i ? [5, 3] : []));
      if (hovered) markRow(context, place, hovered.column, []);
    }
    if (!hovered) return;
    const [{ top, height }] = places;
    writeOn(context, nameOf(header.variables, hovered.column), [0, top + height + 9], theme, theme.background);
  }
}

/** @type {Paint} */
function paintMap(context, { map, stripes, left, top, width }, { payload: { header: { heat }, arrays }, root }) {
  const [paper, full] = [root.theme.panel, root.theme.line(quantityOf(map))].map(rgb);
  const { data } = arrays[`heat.${map.quantity}`];
  const image = makeImage(heat.columns, heat.rows, (i) => {
    return [...mixed(paper, full, data[i] ? (data[i] - 1) / 254 : 0), 255];
  });
  context.imageSmoothingEnabled = false;
  for (const { band, top: below, height } of stripes) {
    context.drawImage(image, 0, band.row, heat.columns, band.rows, left, top + below, width, height);
  }
}

/** @type {Paint} the first and the last step */
function paintAxis(context, { left, top, width, height }, { payload: { header }, root: { theme } }) {
  const y = top + height + 4;
  write(context, "0", [left, y], { ...small(theme), baseline: "top" });
  write(context, String(header.steps), [left + width, y], { ...small(theme), baseline: "top", align: "right" });
}

/** @type {Paint} the quantity, and what its palest and its fullest colour stand for */
function paintTitle(context, { map, left, top, width }, { root: { theme } }) {
  const y = top - 11;
  const quantity = quantityOf(map);
  write(context, map.symbol, [left, y], { font: `600 12px ${theme.font}`, colour: theme.text(quantity) });
  const high = format(map.high, 2);
  write(context, high, [left + width, y], { ...small(theme), align: "right" });
  const right = left + width - context.measureText(high).width - 5;
  const scale = context.createLinearGradient(right - 36, 0, right, 0);
  scale.addColorStop(0, theme.panel);
  scale.addColorStop(1, theme.line(quantity));
  context.fillStyle = scale;
  context.fillRect(right - 36, y - 4, 36, 8);
  const low = `${map.logarithmic ? "log " : ""}${format(map.low, 2)}`;
  write(context, low, [right - 41, y], { ...small(theme), align: "right" });
}

/** @type {Paint} each variable's, and how often the gradient won its max */
function paintNames(context, { stripes, top }, { root: { theme } }) {
  const share = (/** @type {string} */ text, /** @type {number} */ y) =>
    write(context, text, [NAMES - 8, y], { ...small(theme), colour: theme.text("u"), align: "right" });
  if (stripes.some(({ band }) => band.branch !== null)) share("|g| won", top - 11);
  for (const { band, top: below, height } of stripes) {
    const y = top + below + height / 2;
    if (band.branch !== null) share(percent(band.branch), y);
    write(context, band.name, [0, y], { font: `11px ${theme.font}`, colour: theme.ink, most: NAMES - 46 });
  }
}

/** @type {(context: CanvasRenderingContext2D, place: Place, column: number, dash: number[]) => void} frames a row */
function markRow(context, place, column, dash) {
  const y = rowOf(place, column);
  if (y === null) return;
  context.lineWidth = 1;
  context.setLineDash(dash);
  context.strokeRect(place.left - 1, y - 2, place.width + 2, 4);
  context.setLineDash([]);
}

/** @param {Theme} theme */
function small(theme) {
  return { font: `10px ${theme.font}`, colour: theme.quiet };
}

/** @type {(map: HeatMap) => string} whose colour a map has: |Δ|/α_t has the step's */
function quantityOf({ quantity }) {
  return quantity === "ratio" ? "step" : quantity;
}

/** @param {number} part */
function percent(part) {
  return `${format(100 * part, 2)} %`;
}
