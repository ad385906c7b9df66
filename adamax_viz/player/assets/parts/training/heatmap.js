// Heat maps parameter x step: four quantities side by side over the same rows, variable by variable.

import { mixed, rgb } from "../../base/plot/colour.js";
import { cleared, h, makeLayer, pixelRatio, pointIn, sized } from "../../base/dom.js";
import { clamp, format } from "../../base/format.js";
import { makeImage, writeOn } from "../../base/plot/plot.js";
import { findParameter, layOut, NAMES, rowOf } from "./heat_layout.js";
import { followPointer } from "./pointer.js";

/** @import { Theme } from "../../base/types.js" */
/** @import { Band, Heat, HeatMap, NameOf } from "./types.js" */
/** @import { Place } from "./heat_layout.js" */

/**
 * What is drawn: the maps of a training, where they lie, and a picture of all that stays until the next data.
 * @typedef {object} Drawing
 * @property {Heat} heat
 * @property {number} steps
 * @property {Theme} theme
 * @property {NameOf} name
 * @property {Place[]} places
 * @property {HTMLCanvasElement} ground
 */

export class HeatMaps {
  /** @param {{onPick: (column: number) => void, onJump: (step: number) => void}} callbacks for a row that is clicked */
  constructor({ onPick, onJump }) {
    this.canvas = sized(h("canvas", { class: "al-overlay al-touch", "aria-hidden": "true" }));
    this.words = h("ul", { class: "al-hidden" });
    this.element = h("div", { class: "al-heat" }, this.canvas, this.words);
    /** @type {{step: number, column: number} | null} */
    this.hovered = null;
    /** @type {(() => void) | undefined} */
    this.redraw = undefined;
    /** @type {Drawing | null} */
    this.drawing = null;
    const find = (/** @type {MouseEvent} */ event) =>
      this.drawing && findParameter(this.drawing.places, this.drawing.steps, pointIn(event, this.canvas));
    followPointer(this, find, ({ step, column }) => {
      onJump(step);
      onPick(column);
    });
  }

  /**
   * Take new maps.
   * @param {Heat} heat
   * @param {number} steps
   * @param {Theme} theme
   * @param {NameOf} name
   */
  take(heat, steps, theme, name) {
    const { places, height } = layOut(heat.maps, heat.bands, this.element.clientWidth);
    this.element.style.height = `${height}px`;
    const { canvas, context } = makeLayer(this.element.clientWidth, this.element.clientHeight);
    for (const place of places) {
      paintMap(context, place, heat, theme);
      paintAxis(context, place, steps, theme);
      paintTitle(context, place, theme);
      if (place.first) paintNames(context, place, theme);
    }
    this.drawing = { heat, steps, theme, name, places, ground: canvas };
    this.words.replaceChildren(
      ...heat.bands.map((band) => h("li", {}, `${band.name}: ${band.size} parameters${branchWords(band)}.`)),
    );
  }

  /**
   * @param {number} position
   * @param {number[]} picked
   */
  draw(position, picked) {
    if (!this.drawing) return;
    const { places, ground, steps, theme, name } = this.drawing;
    const context = cleared(this.canvas);
    const ratio = pixelRatio();
    context.drawImage(ground, 0, 0, ground.width / ratio, ground.height / ratio);
    for (const place of places) {
      const x = place.left + clamp(position / steps, 0, 1) * place.width;
      // What has not happened yet at the playhead is veiled.
      context.globalAlpha = 0.6;
      context.fillStyle = theme.background;
      context.fillRect(x, place.top, place.left + place.width - x, place.height);
      context.globalAlpha = 1;
      context.fillStyle = theme.ink;
      context.fillRect(x - 0.5, place.top - 2, 1, place.height + 4);
      context.strokeStyle = theme.ink;
      picked.forEach((column, i) => markRow(context, place, column, i ? [5, 3] : []));
      if (this.hovered) markRow(context, place, this.hovered.column, []);
    }
    if (!this.hovered) return;
    const [{ top, height }] = places;
    writeOn(context, name(this.hovered.column), [0, top + height + 9], { theme, ground: theme.background });
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Place} place
 * @param {Heat} heat
 * @param {Theme} theme
 */
function paintMap(context, { map, stripes, left, top, width }, heat, theme) {
  const [paper, full] = [rgb(theme.panel), rgb(theme.line(quantityOf(map)))];
  const image = makeImage(heat.columns, heat.rows, (i) => {
    const byte = map.pixels[i];
    return [...mixed(paper, full, byte ? (byte - 1) / 254 : 0), 255];
  });
  context.imageSmoothingEnabled = false;
  for (const { band, top: below, height } of stripes) {
    context.drawImage(image, 0, band.row, heat.columns, band.rows, left, top + below, width, height);
  }
}

/**
 * The first and the last step.
 * @param {CanvasRenderingContext2D} context
 * @param {Place} place
 * @param {number} steps
 * @param {Theme} theme
 */
function paintAxis(context, { left, top, width, height }, steps, theme) {
  context.fillStyle = theme.quiet;
  context.font = `10px ${theme.font}`;
  context.textBaseline = "top";
  context.textAlign = "left";
  context.fillText("0", left, top + height + 4);
  context.textAlign = "right";
  context.fillText(String(steps), left + width, top + height + 4);
}

/**
 * The quantity, and what its palest and its fullest colour stand for.
 * @param {CanvasRenderingContext2D} context
 * @param {Place} place
 * @param {Theme} theme
 */
function paintTitle(context, { map, left, top, width }, theme) {
  const y = top - 11;
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.font = `600 12px ${theme.font}`;
  context.fillStyle = theme.text(quantityOf(map));
  context.fillText(map.symbol, left, y);
  context.font = `10px ${theme.font}`;
  context.fillStyle = theme.quiet;
  context.textAlign = "right";
  const high = format(map.high, 2);
  context.fillText(high, left + width, y);
  const right = left + width - context.measureText(high).width - 5;
  const scale = context.createLinearGradient(right - 36, 0, right, 0);
  scale.addColorStop(0, theme.panel);
  scale.addColorStop(1, theme.line(quantityOf(map)));
  context.fillStyle = scale;
  context.fillRect(right - 36, y - 4, 36, 8);
  context.fillStyle = theme.quiet;
  context.fillText(`${map.logarithmic ? "log " : ""}${format(map.low, 2)}`, right - 41, y);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Place} place
 * @param {Theme} theme
 */
function paintNames(context, { stripes, top }, theme) {
  context.textBaseline = "middle";
  context.font = `10px ${theme.font}`;
  context.fillStyle = theme.text("u");
  context.textAlign = "right";
  if (stripes.some(({ band }) => band.branch !== null)) context.fillText("|g| won", NAMES - 8, top - 11);
  for (const { band, top: below, height } of stripes) {
    const y = top + below + height / 2;
    context.font = `10px ${theme.font}`;
    context.textAlign = "right";
    context.fillStyle = theme.text("u");
    if (band.branch !== null) context.fillText(percent(band.branch), NAMES - 8, y);
    context.textAlign = "left";
    context.font = `11px ${theme.font}`;
    context.fillStyle = theme.ink;
    context.fillText(shortened(context, band.name, NAMES - 46), 0, y);
  }
}

/**
 * A frame around a parameter's row.
 * @param {CanvasRenderingContext2D} context
 * @param {Place} place
 * @param {number} column
 * @param {number[]} dash
 */
function markRow(context, place, column, dash) {
  const y = rowOf(place, column);
  if (y === null) return;
  context.lineWidth = 1;
  context.setLineDash(dash);
  context.strokeRect(place.left - 1, y - 2, place.width + 2, 4);
  context.setLineDash([]);
}

/**
 * |Δ|/α_t has the step's colour.
 * @param {HeatMap} map
 */
function quantityOf(map) {
  return map.quantity === "ratio" ? "step" : map.quantity;
}

/**
 * How often the gradient won the max of a variable; nothing under a rule that takes none.
 * @param {Band} band
 */
function branchWords({ branch }) {
  return branch === null ? "" : `; |g| won the max in ${percent(branch)} of its updates`;
}

/** @param {number} part */
function percent(part) {
  return `${format(100 * part, 2)} %`;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {number} width
 */
function shortened(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let end = text.length;
  while (end > 1 && context.measureText(`${text.slice(0, end)}…`).width > width) end--;
  return `${text.slice(0, end)}…`;
}
