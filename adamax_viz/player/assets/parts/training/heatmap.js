// Heat maps parameter x step: four quantities side by side over the same rows, variable by variable.

import { mixed, rgb } from "../../base/plot/colour.js";
import { cleared, h, makeLayer, pointIn } from "../../base/dom.js";
import { clamp, format } from "../../base/format.js";
import { makeImage, Stage, write, writeOn } from "../../base/plot/plot.js";
import { findParameter, layOut, NAMES, rowOf } from "./heat_layout.js";
import { followPointer } from "./pointer.js";

/** @import { Theme } from "../../base/types.js" */
/** @import { HeatMap, Taken } from "./types.js" */
/** @import { Place } from "./heat_layout.js" */

/** @typedef {(context: CanvasRenderingContext2D, place: Place, taken: Taken) => void} Paint */

export class HeatMaps extends Stage {
  /** @type {Taken} */
  taken;
  /** @type {Place[]} */
  places = [];
  /** @type {HTMLCanvasElement} all that stays until the next data */
  ground;
  words = h("ul", { class: "al-hidden" });
  /** @type {{step: number, column: number} | null} */
  hovered = null;
  /** @type {(() => void) | undefined} */
  redraw = undefined;

  /** @param {{onPick: (column: number) => void, onJump: (step: number) => void}} callbacks for a row that is clicked */
  constructor({ onPick, onJump }) {
    super({ class: "al-heat", role: null });
    this.element.append(this.words);
    const find = (/** @type {MouseEvent} */ event) =>
      findParameter(this.places, this.taken.header.steps, pointIn(event, this.canvas));
    followPointer(this, find, ({ step, column }) => {
      onJump(step);
      onPick(column);
    });
  }

  /** @param {Taken} taken */
  take(taken) {
    const { bands, maps } = taken.header.heat;
    const { places, height } = layOut(maps, bands, this.element.clientWidth);
    this.element.style.height = `${height}px`;
    const { canvas, context } = makeLayer(this.element.clientWidth, this.element.clientHeight);
    for (const place of places) {
      for (const paint of [paintMap, paintAxis, paintTitle]) paint(context, place, taken);
      if (place.first) paintNames(context, place, taken);
    }
    Object.assign(this, { taken, places, ground: canvas });
    this.words.replaceChildren(...bands.map(({ name, size, branch }) => {
      // Nothing under a rule that takes no max.
      const won = branch === null ? "" : `; |g| won the max in ${percent(branch)} of its updates`;
      return h("li", {}, `${name}: ${size} parameters${won}.`);
    }));
  }

  /** @type {(position: number, picked: number[]) => void} */
  draw(position, picked) {
    const { places, ground, hovered, taken: { header: { steps }, theme, name } } = this;
    const context = cleared(this.canvas);
    context.drawImage(ground, 0, 0, this.element.clientWidth, this.element.clientHeight);
    for (const place of places) {
      const { left, top, width, height } = place;
      const x = left + clamp(position / steps, 0, 1) * width;
      // What has not happened yet at the playhead is veiled.
      context.globalAlpha = 0.6;
      context.fillStyle = theme.background;
      context.fillRect(x, top, left + width - x, height);
      context.globalAlpha = 1;
      context.fillStyle = theme.ink;
      context.fillRect(x - 0.5, top - 2, 1, height + 4);
      context.strokeStyle = theme.ink;
      picked.forEach((column, i) => markRow(context, place, column, i ? [5, 3] : []));
      if (hovered) markRow(context, place, hovered.column, []);
    }
    if (!hovered) return;
    const [{ top, height }] = places;
    writeOn(context, name(hovered.column), [0, top + height + 9], theme, theme.background);
  }
}

/** @type {Paint} */
function paintMap(context, { map, stripes, left, top, width }, { header: { heat }, arrays, theme }) {
  const [paper, full] = [rgb(theme.panel), rgb(theme.line(quantityOf(map)))];
  const { data } = arrays[`heat.${map.quantity}`];
  const image = makeImage(heat.columns, heat.rows, (i) => {
    return [...mixed(paper, full, data[i] ? (data[i] - 1) / 254 : 0), 255];
  });
  context.imageSmoothingEnabled = false;
  for (const { band, top: below, height } of stripes) {
    context.drawImage(image, 0, band.row, heat.columns, band.rows, left, top + below, width, height);
  }
}

/**
 * The first and the last step.
 * @type {Paint}
 */
function paintAxis(context, { left, top, width, height }, { header: { steps }, theme }) {
  const style = { ...small(theme), baseline: /** @type {const} */ ("top") };
  write(context, "0", [left, top + height + 4], style);
  write(context, String(steps), [left + width, top + height + 4], { ...style, align: "right" });
}

/**
 * The quantity, and what its palest and its fullest colour stand for.
 * @type {Paint}
 */
function paintTitle(context, { map, left, top, width }, { theme }) {
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

/**
 * Each variable's, and how often the gradient won its max.
 * @type {Paint}
 */
function paintNames(context, { stripes, top }, { theme }) {
  const won = { ...small(theme), colour: theme.text("u"), align: /** @type {const} */ ("right") };
  if (stripes.some(({ band }) => band.branch !== null)) write(context, "|g| won", [NAMES - 8, top - 11], won);
  for (const { band, top: below, height } of stripes) {
    const y = top + below + height / 2;
    if (band.branch !== null) write(context, percent(band.branch), [NAMES - 8, y], won);
    write(context, band.name, [0, y], { font: `11px ${theme.font}`, colour: theme.ink, most: NAMES - 46 });
  }
}

/**
 * A frame around a parameter's row.
 * @type {(context: CanvasRenderingContext2D, place: Place, column: number, dash: number[]) => void}
 */
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

/**
 * |Δ|/α_t has the step's colour.
 * @param {HeatMap} map
 */
function quantityOf({ quantity }) {
  return quantity === "ratio" ? "step" : quantity;
}

/** @param {number} part */
function percent(part) {
  return `${format(100 * part, 2)} %`;
}
