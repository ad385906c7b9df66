// Heat maps parameter x step: four quantities side by side over the same rows, variable by variable.

import { clamp, cleared, format, h, sized } from "../../base/dom.js";
import { makeImage, rgb } from "../../base/plot.js";

const NAMES = 142; // pixels at the left for names and shares
const TITLE = 24;
const BOTTOM = 18;
const GAP = 14;
const LEAST = 14; // pixels a variable has at least
const HEIGHT = 250; // pixels of one map
const BETWEEN = 3;

export class HeatMaps {
  /** `onPick(column)` when a row is clicked, `onJump(step)` with it. */
  constructor({ onPick, onJump }) {
    Object.assign(this, { onPick, onJump });
    this.canvas = sized(h("canvas", { class: "al-overlay al-touch", "aria-hidden": "true" }));
    this.words = h("ul", { class: "al-hidden" });
    this.element = h("div", { class: "al-heat" }, this.canvas, this.words);
    this.hovered = null;
    this.canvas.addEventListener("pointermove", (event) => {
      this.hovered = this.find(event);
      this.redraw?.();
    });
    this.canvas.addEventListener("pointerleave", () => {
      this.hovered = null;
      this.redraw?.();
    });
    this.canvas.addEventListener("click", (event) => {
      const hit = this.find(event);
      if (!hit) return;
      this.onJump(hit.step);
      this.onPick(hit.column);
    });
  }

  /** Take new maps: `heat` of the header with its arrays, `name(column)` of a parameter. */
  update(heat, steps, theme, name) {
    Object.assign(this, { heat, steps, theme, name });
    this.place();
    this.paint();
    this.words.replaceChildren(
      ...heat.bands.map((band) =>
        h("li", {}, `${band.name}: ${band.size} parameters; |g| won the max in ${percent(band.branch)} of its updates.`)
      ),
    );
  }

  /** Maps in one, two or four columns; within each, a stripe for each variable. */
  place() {
    const width = this.element.clientWidth;
    const across = width >= 760 ? 4 : width >= 560 ? 2 : 1;
    const rows = Math.ceil(this.heat.maps.length / across);
    const least = this.heat.bands.length * (LEAST + BETWEEN);
    const height = Math.max(HEIGHT, least);
    this.element.style.height = `${rows * (TITLE + height + BOTTOM)}px`;
    const each = (width - NAMES - GAP * (across - 1)) / across;
    const stripes = this.stripes(height);
    this.spots = this.heat.maps.map((map, i) => ({
      map,
      first: i % across === 0,
      stripes,
      left: NAMES + (i % across) * (each + GAP),
      top: Math.floor(i / across) * (TITLE + height + BOTTOM) + TITLE,
      width: each,
      height,
    }));
  }

  /** Heights in proportion to the rows, but for each at least enough for its name. */
  stripes(height) {
    const { bands } = this.heat;
    const free = height - BETWEEN * (bands.length - 1);
    const all = bands.reduce((sum, band) => sum + band.rows, 0);
    const wanted = bands.map((band) => Math.max(LEAST, (band.rows / all) * free));
    const over = wanted.reduce((a, b) => a + b, 0) - free;
    const spare = wanted.reduce((sum, high) => sum + (high - LEAST), 0) || 1;
    let top = 0;
    return bands.map((band, i) => {
      const high = wanted[i] - (over > 0 ? ((wanted[i] - LEAST) / spare) * over : 0);
      const stripe = { band, top, height: high };
      top += high + BETWEEN;
      return stripe;
    });
  }

  /** All that stays until the next data. */
  paint() {
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [this.element.clientWidth, this.element.clientHeight];
    this.ground = document.createElement("canvas");
    Object.assign(this.ground, {
      width: Math.max(1, Math.round(width * ratio)),
      height: Math.max(1, Math.round(height * ratio)),
    });
    const context = this.ground.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    for (const spot of this.spots) {
      this.paintMap(context, spot);
      this.paintTitle(context, spot);
      if (spot.first) this.paintNames(context, spot);
    }
  }

  paintMap(context, spot) {
    const { theme, heat } = this;
    const { map } = spot;
    const [paper, full] = [rgb(theme.panel), rgb(theme.line(quantityOf(map)))];
    const image = makeImage(heat.columns, heat.rows, (i) => {
      const byte = map.pixels[i];
      const t = byte ? (byte - 1) / 254 : 0;
      return [...paper.map((v, c) => v + (full[c] - v) * t), 255];
    });
    context.imageSmoothingEnabled = false;
    for (const { band, top, height } of spot.stripes) {
      context.drawImage(image, 0, band.row, heat.columns, band.rows, spot.left, spot.top + top, spot.width, height);
    }
    context.fillStyle = theme.quiet;
    context.font = `10px ${theme.font}`;
    context.textBaseline = "top";
    const y = spot.top + spot.height + 4;
    context.textAlign = "left";
    context.fillText("0", spot.left, y);
    context.textAlign = "right";
    context.fillText(String(this.steps), spot.left + spot.width, y);
  }

  /** The quantity, and what its palest and its fullest colour stand for. */
  paintTitle(context, spot) {
    const { theme } = this;
    const { map } = spot;
    const y = spot.top - 11;
    context.textBaseline = "middle";
    context.textAlign = "left";
    context.font = `600 12px ${theme.font}`;
    context.fillStyle = theme.text(quantityOf(map));
    context.fillText(map.symbol, spot.left, y);
    context.font = `10px ${theme.font}`;
    context.fillStyle = theme.quiet;
    context.textAlign = "right";
    const high = format(map.high, 2);
    context.fillText(high, spot.left + spot.width, y);
    const right = spot.left + spot.width - context.measureText(high).width - 5;
    const scale = context.createLinearGradient(right - 36, 0, right, 0);
    scale.addColorStop(0, theme.panel);
    scale.addColorStop(1, theme.line(quantityOf(map)));
    context.fillStyle = scale;
    context.fillRect(right - 36, y - 4, 36, 8);
    context.fillStyle = theme.quiet;
    context.fillText(`${map.logarithmic ? "log " : ""}${format(map.low, 2)}`, right - 41, y);
  }

  paintNames(context, spot) {
    const { theme } = this;
    context.textBaseline = "middle";
    context.font = `10px ${theme.font}`;
    context.fillStyle = theme.text("u");
    context.textAlign = "right";
    context.fillText("|g| won", NAMES - 8, spot.top - 11);
    for (const { band, top, height } of spot.stripes) {
      const y = spot.top + top + height / 2;
      const share = percent(band.branch);
      context.font = `10px ${theme.font}`;
      context.textAlign = "right";
      context.fillStyle = theme.text("u");
      context.fillText(share, NAMES - 8, y);
      context.textAlign = "left";
      context.font = `11px ${theme.font}`;
      context.fillStyle = theme.ink;
      context.fillText(fitted(context, band.name, NAMES - 46), 0, y);
    }
  }

  /** {step, column, band} under the pointer. */
  find(event) {
    if (!this.spots) return null;
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const spot = this.spots.find((s) =>
      y >= s.top && y <= s.top + s.height && x <= s.left + s.width && (x >= s.left || s.first)
    );
    const stripe = spot?.stripes.find((s) => y >= spot.top + s.top && y <= spot.top + s.top + s.height + BETWEEN);
    if (!stripe) return null;
    const { band } = stripe;
    const part = clamp((y - spot.top - stripe.top) / stripe.height, 0, 0.9999);
    const step = clamp(Math.floor(((x - spot.left) / spot.width) * this.steps), 0, this.steps - 1);
    return { step, column: band.first + Math.floor(part * band.size), band };
  }

  draw(position, picked) {
    if (!this.spots) return;
    const context = cleared(this.canvas);
    const ratio = window.devicePixelRatio || 1;
    context.drawImage(this.ground, 0, 0, this.ground.width / ratio, this.ground.height / ratio);
    const { theme } = this;
    for (const spot of this.spots) {
      const x = spot.left + clamp(position / this.steps, 0, 1) * spot.width;
      // What has not happened yet at the playhead is veiled.
      context.globalAlpha = 0.6;
      context.fillStyle = theme.background;
      context.fillRect(x, spot.top, spot.left + spot.width - x, spot.height);
      context.globalAlpha = 1;
      context.fillStyle = theme.ink;
      context.fillRect(x - 0.5, spot.top - 2, 1, spot.height + 4);
      picked.forEach((column, i) => this.marker(context, spot, column, i));
      if (this.hovered) this.marker(context, spot, this.hovered.column, 0);
    }
    if (this.hovered) this.say(context);
  }

  /** A small mark at both ends of a parameter's row. */
  marker(context, spot, column, index) {
    const stripe = spot.stripes.find(({ band }) => column >= band.first && column < band.first + band.size);
    if (!stripe) return;
    const y = spot.top + stripe.top + ((column - stripe.band.first + 0.5) / stripe.band.size) * stripe.height;
    context.strokeStyle = this.theme.ink;
    context.lineWidth = 1;
    context.setLineDash(index ? [5, 3] : []);
    context.strokeRect(spot.left - 1, y - 2, spot.width + 2, 4);
    context.setLineDash([]);
  }

  say(context) {
    const { theme } = this;
    const text = this.name(this.hovered.column);
    context.font = `11px ${theme.font}`;
    const width = context.measureText(text).width + 12;
    const spot = this.spots[0];
    const y = spot.top + spot.height + 9;
    context.fillStyle = theme.background;
    context.fillRect(0, y - 8, width, 17);
    context.fillStyle = theme.ink;
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.fillText(text, 0, y);
  }
}

/** |Δ|/α_t has the step's colour. */
function quantityOf(map) {
  return map.quantity === "ratio" ? "step" : map.quantity;
}

function percent(part) {
  return `${format(100 * part, 2)} %`;
}

function fitted(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let end = text.length;
  while (end > 1 && context.measureText(`${text.slice(0, end)}…`).width > width) end--;
  return `${text.slice(0, end)}…`;
}
