// The surface with the path on it: Plotly draws contour and axes once a surface, a canvas above draws what moves.

import { clamp, cleared, format, h, sized, within } from "../base/dom.js";
import { CONFIG } from "../base/plotly.js";
import { drawSign } from "./variants.js";

const ARROWS = [
  { name: "grad", label: "−g", title: "against the gradient", sign: -1 },
  { name: "grad_clipped", label: "−ĝ", title: "against the clipped gradient", sign: -1 },
  { name: "m", label: "−m", title: "against the first moment", sign: -1 },
  { name: "step", label: "Δ", title: "the step taken, and the box of ± its two parts around the head", sign: 1 },
];
const LONGEST = 92; // pixels of the longest gradient or moment arrow
const BOX = 26; // pixels that a step of one learning rate has at least: smaller ones are enlarged

export class Landscape {
  /** `onStart([x, y], final)` while the start is dragged, `onJump(step)` when the path is clicked. */
  constructor({ onStart, onJump }) {
    Object.assign(this, { onStart, onJump });
    this.shown = { grad: true, grad_clipped: true, m: true, step: true, ema: true };
    this.beside = []; // other runs of a comparison, drawn under this one
    this.key = null;
    this.revision = 0;
    this.ready = false;
    Object.assign(this, { concealed: false, future: true, bold: 1 });
    this.plot = h("div", { class: "al-plot" });
    this.canvas = sized(h("canvas", { class: "al-overlay", "aria-hidden": "true" }));
    this.handle = h("button", {
      type: "button",
      class: "al-start",
      title: "Drag me: the path follows (arrow keys move me too)",
      "aria-label": "Start point: drag it, or move it with the arrow keys",
    });
    this.readout = h("div", { class: "al-readout" });
    this.chips = h("div", { class: "al-chips", role: "group", "aria-label": "What is drawn at the head" });
    const zoom = (label, text, action) =>
      h(
        "button",
        { type: "button", class: "al-button al-small", "aria-label": label, title: label, onclick: action },
        text,
      );
    this.zoomBox = h(
      "div",
      { class: "al-zoom" },
      zoom("Zoom in", "+", () => this.zoom(0.6)),
      zoom("Zoom out", "−", () => this.zoom(1 / 0.6)),
      zoom("Show all", "⌂", () => this.resetZoom()),
    );
    this.stage = h(
      "div",
      { class: "al-stage", role: "img", "aria-label": "Landscape" },
      this.plot,
      this.canvas,
      this.handle,
      this.zoomBox,
      this.readout,
    );
    this.element = h("div", { class: "al-landscape" }, this.stage, this.chips);
    this.wire();
  }

  wire() {
    this.handle.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.handle.focus();
      this.handle.setPointerCapture(event.pointerId);
      this.dragging = true;
    });
    this.handle.addEventListener("pointermove", (event) => {
      if (!this.dragging) return;
      this.start = this.dataAt(event);
      this.placeHandle();
      this.onStart(this.start, false);
    });
    const drop = () => {
      if (!this.dragging) return;
      this.dragging = false;
      this.onStart(this.start, true);
    };
    this.handle.addEventListener("pointerup", drop);
    this.handle.addEventListener("pointercancel", drop);
    this.handle.addEventListener("keydown", (event) => this.moveByKey(event));
    this.stage.addEventListener("pointermove", (event) => this.read(event));
    this.stage.addEventListener("pointerleave", () => (this.readout.textContent = ""));
    // Plotly keeps clicks for itself; a press and a release at the same place is one.
    const press = (event) => (this.pressed = event.target.closest("button") ? null : [event.clientX, event.clientY]);
    this.stage.addEventListener("pointerdown", press, true);
    // While it is pressed, Plotly covers the whole page: the release arrives there.
    this.released = (event) => this.click(event);
    window.addEventListener("pointerup", this.released, true);
  }

  moveByKey(event) {
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!by) return;
    event.preventDefault();
    const { domain } = this.surface;
    const times = event.shiftKey ? 0.05 : 0.01;
    this.start = this.start.map((value, axis) => {
      const span = domain[axis][1] - domain[axis][0];
      return Number((value + by[axis] * times * span).toPrecision(6));
    });
    this.placeHandle();
    this.onStart(this.start, true);
  }

  /** Take a run; its surface is drawn by `update`. */
  take(run) {
    this.run = run;
    if (!this.dragging) this.start = run.start;
  }

  /**
   * How a scene wants it: `concealed` while a prediction is asked for, `future` whether the path still to come shows,
   * `bold` how much larger head and lines are.
   */
  stageAs({ concealed, future, bold }) {
    Object.assign(this, { concealed, future: future && !concealed, bold });
    this.handle.classList.toggle("al-off", concealed);
  }

  /** Begin anew, with the whole surface in sight, with these arrows alone, or with all if null. */
  begin(arrows) {
    this.key = this.plane = null;
    for (const name of Object.keys(this.shown)) this.shown[name] = arrows === null || arrows.includes(name);
    this.chipSignature = null;
  }

  /** Take a run (and its surface, if new); what moves is drawn by `draw`. */
  async update(Plotly, run, theme) {
    this.Plotly = Plotly;
    this.theme = theme;
    this.take(run);
    this.surface = run.surface;
    const key = `${run.surface.key}|${theme.name}|${this.bold}`;
    this.drawChips();
    if (key === this.key) {
      this.placeHandle();
      return;
    }
    const plane = run.surface.key.split("@")[0];
    const other = this.plane !== plane;
    this.key = key;
    this.plane = plane;
    if (other) {
      this.revision += 1;
      this.window = run.window;
    }
    await this.render();
  }

  async render() {
    const { surface, theme, Plotly } = this;
    this.size = this.plot.clientWidth;
    await Plotly.react(this.plot, ground(surface, theme), this.layout(), CONFIG);
    this.ready = true;
    if (!this.listening) {
      this.listening = true;
      for (const event of ["plotly_relayouting", "plotly_relayout"]) {
        this.plot.on(event, () => {
          this.placeHandle();
          this.redraw?.();
        });
      }
    }
    this.placeHandle();
  }

  layout() {
    const { theme, window: view } = this;
    const type = this.bold > 1 ? 1.35 : 1;
    const axis = (range, title) => ({
      range: [...range],
      title: { text: title, standoff: 2, font: { size: 12 * type, color: theme.quiet } },
      showgrid: false,
      zeroline: false,
      ticks: "outside",
      ticklen: 4,
      tickcolor: theme.grid,
      tickfont: { size: 11 * type, color: theme.quiet },
      nticks: 7,
    });
    return {
      autosize: false,
      width: this.plot.clientWidth,
      height: this.plot.clientHeight,
      margin: { l: 42 * type, r: 8, t: 8, b: 36 * type },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { color: theme.ink, family: theme.font },
      showlegend: false,
      hovermode: false,
      dragmode: "pan",
      xaxis: axis(view[0], "x"),
      yaxis: axis(view[1], "y"),
      uirevision: this.revision,
    };
  }

  resize() {
    if (!this.ready || !this.plot.clientWidth || this.plot.clientWidth === this.size) return;
    this.size = this.plot.clientWidth;
    this.Plotly.relayout(this.plot, { width: this.plot.clientWidth, height: this.plot.clientHeight });
  }

  zoom(factor) {
    const { xaxis, yaxis } = this.axes();
    const around = (axis) => {
      const [low, high] = axis.range.map(Number);
      const [middle, half] = [(low + high) / 2, ((high - low) / 2) * factor];
      return [middle - half, middle + half];
    };
    this.Plotly.relayout(this.plot, { "xaxis.range": around(xaxis), "yaxis.range": around(yaxis) });
  }

  resetZoom() {
    const view = this.run.window;
    this.Plotly.relayout(this.plot, { "xaxis.range": [...view[0]], "yaxis.range": [...view[1]] });
  }

  axes() {
    return this.plot._fullLayout;
  }

  /** Data to pixels of the stage, with Plotly's own axes. */
  mapping() {
    const { xaxis, yaxis } = this.axes();
    return {
      x: (value) => xaxis._offset + xaxis.d2p(value),
      y: (value) => yaxis._offset + yaxis.d2p(value),
      left: xaxis._offset,
      top: yaxis._offset,
      width: xaxis._length,
      height: yaxis._length,
      perX: xaxis._length / (xaxis.range[1] - xaxis.range[0]),
      perY: yaxis._length / (yaxis.range[1] - yaxis.range[0]),
    };
  }

  dataAt(event) {
    const { xaxis, yaxis } = this.axes();
    const box = this.stage.getBoundingClientRect();
    const short = (value, span) =>
      Number(value.toPrecision(Math.max(3, Math.ceil(Math.log10(Math.abs(value) / span || 1)) + 4)));
    const x = xaxis.p2d(clamp(event.clientX - box.left - xaxis._offset, 0, xaxis._length));
    const y = yaxis.p2d(clamp(event.clientY - box.top - yaxis._offset, 0, yaxis._length));
    return [short(x, xaxis.range[1] - xaxis.range[0]), short(y, yaxis.range[1] - yaxis.range[0])];
  }

  placeHandle() {
    if (!this.ready || !this.start) return;
    const at = this.mapping();
    const [x, y] = [at.x(this.start[0]), at.y(this.start[1])];
    // Outside the picture the handle waits at its edge, so that it can always be fetched back.
    this.handle.style.left = `${clamp(x, at.left, at.left + at.width)}px`;
    this.handle.style.top = `${clamp(y, at.top, at.top + at.height)}px`;
    this.onPlace?.();
  }

  read(event) {
    if (!this.ready || this.dragging) return;
    const [x, y] = this.dataAt(event);
    const { surface } = this;
    const n = surface.size;
    const index = (value, [low, high]) => Math.round(((value - low) / (high - low)) * (n - 1));
    const [i, j] = [index(x, surface.domain[0]), index(y, surface.domain[1])];
    const inside = i >= 0 && j >= 0 && i < n && j < n;
    const shade = inside ? surface.shade[j * n + i] : NaN;
    const height = surface.logarithmic ? 10 ** shade - surface.floor + surface.lowest : shade;
    const value = inside ? `  f ≈ ${format(height, 3)}` : "";
    this.readout.textContent = `x ${format(x, 3)}  y ${format(y, 3)}${value}`;
  }

  click(event) {
    const pressed = this.pressed;
    this.pressed = null;
    if (!this.ready || !pressed) return;
    if (Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) > 4) return;
    const box = this.stage.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    if (this.onGuess) return this.onGuess(this.dataAt(event));
    if (this.concealed) return;
    const at = this.mapping();
    let [best, nearest] = [16, null];
    for (const { theta, steps } of [this.run, ...this.beside]) {
      for (let k = 0; k <= steps; k++) {
        const distance = Math.hypot(at.x(theta(k, 0)) - px, at.y(theta(k, 1)) - py);
        if (distance < best) [best, nearest] = [distance, k];
      }
    }
    if (nearest !== null) this.onJump(nearest);
  }

  /** [name, label, title] of all that can be drawn at the head of this run. */
  drawable() {
    const { run } = this;
    const names = ARROWS.filter((arrow) => arrow.name !== "grad_clipped" || run.clipped);
    return [
      ...names.map((a) => [a.name, a.label, a.title]),
      ...(run.hasEma ? [["ema", "θ̄", "the average's path"]] : []),
    ];
  }

  /** Those of them that are switched on. */
  legend() {
    return this.drawable().filter(([name]) => this.shown[name]);
  }

  drawChips() {
    const wanted = this.drawable();
    const named = this.beside.filter(({ label }) => label);
    const signature = [...wanted, ...named.map(({ label }) => [label])].map(([name]) => name).join();
    if (signature === this.chipSignature) return;
    this.chipSignature = signature;
    this.chips.replaceChildren(
      ...wanted.map(([name, label, title]) => {
        const chip = h(
          "button",
          {
            type: "button",
            class: "al-chip",
            title: `Show ${title}`,
            "aria-pressed": String(this.shown[name]),
            style: `--chip: var(--text-${name})`,
          },
          label,
        );
        chip.addEventListener("click", () => {
          this.shown[name] = !this.shown[name];
          chip.setAttribute("aria-pressed", String(this.shown[name]));
          this.redraw?.();
        });
        return chip;
      }),
      ...named.map(({ letter, label, variant }) =>
        h("span", { class: "al-beside", style: `color: var(--variant-${variant})` }, `${letter} ${label}`)
      ),
      h("span", { class: "al-magnified" }),
    );
    this.magnified = this.chips.querySelector(".al-magnified");
  }

  /** Everything that moves, for a (fractional) playhead. */
  draw(position, step) {
    if (this.ready) this.paint(cleared(this.canvas), this.mapping(), position, step);
  }

  /** The same on any context: the screen's, a film's, or one that writes SVG. `at` maps data to its pixels. */
  paint(context, at, position, step) {
    const { run } = this;
    context.save();
    context.beginPath();
    context.rect(at.left, at.top, at.width, at.height);
    context.clip();
    context.lineJoin = "round";
    for (const other of this.concealed ? [] : this.beside) {
      this.drawHead(context, at, other, this.drawPath(context, at, other, position));
    }
    const head = this.drawPath(context, at, run, position);
    this.drawArrows(context, at, head, Math.min(step, run.steps - 1));
    this.drawHead(context, at, run, head);
    this.marks?.(context, at, this.theme); // a prediction's guess and truth
    context.restore();
  }

  /** A run's path, faint as a whole and full up to the playhead, and its average; gives the place of its head. */
  drawPath(context, at, run, playhead) {
    const { theme } = this;
    const position = Math.min(playhead, run.steps);
    const head = run.between(run.theta, position);
    context.strokeStyle = run.letter ? theme.variants[run.variant] : theme.ink;
    context.globalAlpha = 0.28;
    context.lineWidth = 1.4 * this.bold;
    if (this.future) this.trace(context, at, run.theta, 0, run.steps);
    context.globalAlpha = 1;
    context.lineWidth = 2 * this.bold;
    this.trace(context, at, run.theta, 0, Math.floor(position), head);
    if (run.hasEma && this.shown.ema && !this.concealed) this.drawAverage(context, at, run, position);
    return head;
  }

  /** Where a run is: a dot, or the sign of its variant. */
  drawHead(context, at, run, head) {
    const [x, y] = [at.x(head[0]), at.y(head[1])];
    if (run.letter) drawSign(context, x, y, 7.5, run, this.theme);
    else this.dot(context, x, y, 5.5 * this.bold, this.theme.ink, this.theme.background);
  }

  trace(context, at, values, from, to, last) {
    context.beginPath();
    let pen = false;
    for (let k = from; k <= to; k++) {
      const [x, y] = within(at.x(values(k, 0)), at.y(values(k, 1)));
      if (Number.isFinite(x) && Number.isFinite(y)) {
        pen ? context.lineTo(x, y) : context.moveTo(x, y);
        pen = true;
      } else pen = false;
    }
    if (last && pen) context.lineTo(...within(at.x(last[0]), at.y(last[1])));
    context.stroke();
  }

  drawAverage(context, at, run, position) {
    const { theme } = this;
    const whole = Math.floor(position);
    const colour = run.letter ? theme.variants[run.variant] : theme.line("ema");
    context.strokeStyle = colour;
    context.setLineDash(run.letter ? [2, 3] : []);
    context.lineWidth = 1.2;
    context.globalAlpha = 0.35;
    this.trace(context, at, run.ema, 0, run.steps - 1);
    context.globalAlpha = 1;
    context.lineWidth = 2;
    this.trace(context, at, run.ema, 0, Math.min(whole, run.steps) - 1);
    context.setLineDash([]);
    if (whole < 1) return;
    const end = [run.ema(Math.min(whole, run.steps) - 1, 0), run.ema(Math.min(whole, run.steps) - 1, 1)];
    if (end.every(Number.isFinite)) this.dot(context, at.x(end[0]), at.y(end[1]), 4.5, colour, theme.background);
  }

  drawArrows(context, at, head, step) {
    const { run, theme } = this;
    const [x, y] = [at.x(head[0]), at.y(head[1])];
    // A step of one learning rate is at least BOX pixels long; what that takes is said below the picture.
    const natural = Math.abs(run.rate(step)) * Math.min(at.perX, at.perY);
    const enlarged = natural > 0 && natural < BOX ? Math.max(1, Math.round(BOX / natural)) : 1;
    if (this.magnified) {
      const words = this.shown.step && !this.concealed && enlarged > 1 ? `Δ and its box drawn ×${enlarged}` : "";
      if (this.magnified.textContent !== words) this.magnified.textContent = words;
    }
    if (this.shown.step && !this.concealed) {
      const [dx, dy] = [run.step(step, 0) * at.perX * enlarged, run.step(step, 1) * at.perY * enlarged];
      if (Number.isFinite(dx) && Number.isFinite(dy)) {
        context.strokeStyle = theme.line("lr_t");
        context.lineWidth = 1.2;
        context.setLineDash([4, 3]);
        context.strokeRect(x - Math.abs(dx), y - Math.abs(dy), 2 * Math.abs(dx), 2 * Math.abs(dy));
        context.setLineDash([]);
      }
    }
    for (const { name, sign } of ARROWS) {
      if (!this.shown[name] || (name === "grad_clipped" && !run.clipped)) continue;
      if (this.concealed && name !== "grad") continue;
      const values = [0, 1].map((d) => sign * run[name](step, d));
      let [dx, dy] = [values[0] * at.perX, -values[1] * at.perY];
      if (name === "step") [dx, dy] = [dx * enlarged, dy * enlarged];
      else {
        const length = Math.hypot(dx, dy);
        // Gradients span decades: the length shows the cube root, the direction is true.
        const share = Math.cbrt(Math.hypot(...values) / run.largest);
        const pixels = LONGEST * Math.min(1, share);
        [dx, dy] = length > 0 ? [(dx / length) * pixels, (dy / length) * pixels] : [0, 0];
      }
      this.arrow(context, x, y, dx, dy, name === "step" ? theme.ink : theme.line(name));
    }
  }

  arrow(context, x, y, dx, dy, colour) {
    const length = Math.hypot(dx, dy);
    if (!(length > 1.5)) return;
    const [ux, uy] = [dx / length, dy / length];
    const tip = Math.min(9 * this.bold, length * 0.6);
    context.strokeStyle = context.fillStyle = colour;
    context.lineWidth = 2.4 * this.bold;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + dx - ux * tip * 0.8, y + dy - uy * tip * 0.8);
    context.stroke();
    context.beginPath();
    context.moveTo(x + dx, y + dy);
    context.lineTo(x + dx - ux * tip - uy * tip * 0.5, y + dy - uy * tip + ux * tip * 0.5);
    context.lineTo(x + dx - ux * tip + uy * tip * 0.5, y + dy - uy * tip - ux * tip * 0.5);
    context.fill();
  }

  dot(context, x, y, radius, fill, rim) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = fill;
    context.strokeStyle = rim;
    context.lineWidth = 2;
    context.fill();
    context.stroke();
  }
}

/** Rows of the grid as Plotly wants them. */
export function rows(surface) {
  const n = surface.size;
  return Array.from({ length: n }, (_, j) => surface.shade.subarray(j * n, (j + 1) * n));
}

export function axis(surface, index) {
  const [low, high] = surface.domain[index];
  return Array.from({ length: surface.size }, (_, i) => low + ((high - low) * i) / (surface.size - 1));
}

export function scale(theme) {
  return theme.landscape.map((colour, i, all) => [i / (all.length - 1), colour]);
}

/** What Plotly draws of a surface. */
export function ground(surface, theme) {
  return [contour(surface, theme), minima(surface, theme)];
}

function contour(surface, theme) {
  const [start, end, size] = surface.levels;
  return {
    type: "contour",
    x: axis(surface, 0),
    y: axis(surface, 1),
    z: rows(surface),
    autocontour: false,
    contours: { start, end, size },
    colorscale: scale(theme),
    showscale: false,
    hoverinfo: "skip",
    line: { width: 0.6, color: theme.contour },
  };
}

function minima(surface, theme) {
  return {
    type: "scatter",
    mode: "markers",
    hoverinfo: "skip",
    x: surface.minima.map((m) => m.x),
    y: surface.minima.map((m) => m.y),
    marker: {
      symbol: surface.minima.map((m) => (m.is_global ? "star" : "star-open")),
      size: 13,
      color: theme.minimum,
      line: { width: 1.2, color: surface.minima.map((m) => (m.is_global ? theme.background : theme.minimum)) },
    },
  };
}
