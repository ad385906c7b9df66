// Several runs, one playhead: paths over one landscape or side by side, charts with a line for each, one ledger.

import { Channel } from "../base/channel.js";
import { component } from "../base/component.js";
import { clamp, h } from "../base/dom.js";
import { Knobs } from "../parts/knobs.js";
import { Landscape } from "../parts/landscape.js";
import { Ledger } from "../parts/ledger.js";
import { Panels } from "../parts/panels.js";
import { decode } from "../base/payload.js";
import { loadPlotly } from "../base/plotly.js";
import { makeSurface } from "../base/run.js";
import { makeComparedCharts, makeRuns } from "../base/several.js";
import { PICTURES, TakeHome } from "../take/takehome.js";
import { applyTheme, readTheme } from "../base/theme.js";
import { Transport } from "../parts/transport.js";
import { Legend } from "../parts/variants.js";

const surfaces = new Map(); // by key: Python sends each only once
const KEPT_SURFACES = 40;
const LEDGER_EVERY = 100;
const SURFACE_EVERY = 350; // milliseconds between pictures of a surface that moves
const COORDINATES = [["x", "x"], ["y", "y"], ["norm", "norm"]];

class ComparisonPlayer {
  constructor(parent) {
    this.channel = new Channel();
    this.transport = new Transport(() => this.draw());
    this.knobs = new Knobs((fields, final) => this.channel.request(fields, final));
    this.landscape = this.makeLandscape();
    this.single = new Map(); // a small landscape for each variant, made when they are asked for
    this.panels = new Panels({ onJump: (step) => this.transport.jump(step) });
    this.panels.redraw = () => this.draw();
    this.ledger = new Ledger();
    this.legend = new Legend({ onPick: (letter) => this.pick(letter), onToggle: (letter) => this.toggle(letter) });
    this.takeHome = new TakeHome(this);
    this.hidden = new Set();
    this.coordinate = "x";
    this.apart = false;
    this.enlarged = false;
    this.build(parent);
    this.onKey = (event) => this.transport.key(event);
    document.addEventListener("keydown", this.onKey);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.root);
  }

  makeLandscape() {
    const landscape = new Landscape({
      onStart: (start, final) => this.channel.request({ start }, final),
      onJump: (step) => this.transport.jump(step),
    });
    landscape.redraw = () => this.draw();
    return landscape;
  }

  build(parent) {
    const choice = (label, action, pressed = false) =>
      h("button", { type: "button", class: "al-tab", "aria-pressed": String(pressed), onclick: action }, label);
    this.views = {
      over: choice("Overlaid", () => this.spreadOut(false), true),
      apart: choice("Side by side", () => this.spreadOut(true)),
    };
    this.axes = COORDINATES.map(([name, label]) => choice(label, () => this.choose(name), name === this.coordinate));
    this.enlarge = choice("", () => this.enlargeFirst(!this.enlarged));
    this.chooser = h(
      "details",
      { class: "al-chooser" },
      h("summary", {}, "Charts"),
      this.choices = h("div", { class: "al-choices" }),
    );
    this.bar = h(
      "div",
      { class: "al-bar" },
      h("div", { class: "al-tabs", role: "group", "aria-label": "Landscapes" }, this.views.over, this.views.apart),
      h(
        "div",
        { class: "al-menus" },
        this.enlarge,
        h(
          "div",
          { class: "al-tabs", role: "group", "aria-label": "Coordinate in the charts" },
          h("span", { class: "al-of" }, "charts of"),
          ...this.axes,
        ),
        this.chooser,
        this.takeHome.element,
      ),
    );
    this.grid = h("div", { class: "al-multiples", hidden: true });
    this.notice = h("div", { class: "al-notice", role: "alert" });
    this.words = h("div", { class: "al-words", role: "status" });
    this.pickers = h("div", { class: "al-tabs al-pickers", role: "group", "aria-label": "Numbers of" });
    this.left = h("div", { class: "al-left" }, this.landscape.element, this.grid);
    this.right = h("div", { class: "al-right" }, this.panels.element);
    this.root = h(
      "div",
      { class: "al-player al-comparison", "data-state": "loading" },
      this.knobs.element,
      this.knobs.note,
      this.notice,
      this.legend.element,
      this.bar,
      h("div", { class: "al-main" }, this.left, this.right),
      this.transport.element,
      this.words,
      this.pickers,
      this.ledger.element,
    );
    parent.append(this.root);
  }

  /** New data or a new theme. */
  async receive({ data, setTriggerValue }) {
    this.channel.send = (message) => setTriggerValue("request", message);
    if (data && data !== this.data) {
      this.data = data;
      this.payload = decode(data);
    }
    if (!this.payload) return;
    const { header } = this.payload;
    const surface = makeSurface(this.payload) ?? surfaces.get(header.surface.key);
    this.channel.answered(header.answered);
    if (!surface) {
      this.channel.request({ need: header.surface.key }, false);
      return;
    }
    surfaces.delete(header.surface.key);
    surfaces.set(header.surface.key, surface);
    if (surfaces.size > KEPT_SURFACES) surfaces.delete(surfaces.keys().next().value);
    const turn = (this.turn = (this.turn ?? 0) + 1);
    try {
      this.Plotly = await loadPlotly();
    } catch (error) {
      this.notice.textContent = error.message;
      return;
    }
    if (turn === this.turn && this.root.isConnected) await this.take(header, surface);
  }

  async take(header, surface) {
    this.theme = readTheme(this.root, header.tokens);
    applyTheme(this.root, this.theme);
    this.header = header;
    this.runs = makeRuns(this.payload, surface);
    if (header.effect !== this.effect) this.begin(header);
    if (header.target !== this.target) {
      this.target = header.target; // whom the knobs move now: its arrows and numbers are looked for
      this.picked = header.target ?? this.picked;
    }
    if (!this.runs.some((run) => run.letter === this.picked)) this.picked = this.runs[0].letter;
    this.transport.setRun(Math.max(...this.runs.map((run) => run.steps)), this.run.windows);
    this.knobs.set(header.knobs, () => false);
    this.fit();
    this.say(header);
    this.takeHome.update({ options: { take: PICTURES } });
    await this.show();
    // For whoever waits for a picture: which request it answers, and that it is painted.
    this.root.dataset.state = "ready";
    this.root.dataset.answered = header.answered;
    this.root.dataset.query = header.query;
  }

  /** Another effect: all variants, the first that is clipped in hand, the whole run. */
  begin(header) {
    this.effect = header.effect;
    this.hidden.clear();
    this.picked = (this.runs.find((run) => run.clipped || run.hasEma) ?? this.runs[0]).letter;
    this.enlarged = false;
    for (const landscape of [this.landscape, ...this.single.values()]) landscape.key = landscape.plane = null;
  }

  /** The run in hand, whose arrows and numbers are shown. */
  get run() {
    return this.runs.find((run) => run.letter === this.picked);
  }

  isShown = (run) => !this.hidden.has(run.letter);

  /** Everything that depends on what is in hand, hidden, or enlarged. */
  async show() {
    const { run } = this;
    const first = this.enlarged ? this.header.first : null;
    this.legend.update(this.runs, this.header.refused, this.picked, this.isShown);
    this.pickers.replaceChildren(
      ...this.runs.map(({ letter, label }) =>
        h("button", {
          type: "button",
          class: "al-tab",
          title: label,
          "aria-label": `Numbers of ${letter}`,
          "aria-pressed": String(letter === this.picked),
          onclick: () => this.pick(letter),
        }, letter)
      ),
    );
    for (const [i, button] of this.axes.entries()) {
      button.setAttribute("aria-pressed", String(COORDINATES[i][0] === this.coordinate));
    }
    for (const [name, button] of Object.entries(this.views)) {
      button.setAttribute("aria-pressed", String((name === "apart") === this.apart));
    }
    this.enlarge.hidden = this.header.first === null;
    this.enlarge.textContent = `First ${this.header.first} steps`;
    this.enlarge.setAttribute("aria-pressed", String(this.enlarged));
    this.ledger.update(run);
    this.landscape.element.hidden = this.apart;
    this.grid.hidden = !this.apart;
    if (this.apart) await this.showApart();
    else {
      const others = this.runs.filter((other) => other !== run && this.isShown(other));
      this.landscape.beside = this.isShown(run) ? others : others.slice(1);
      const shown = this.isShown(run) ? run : (others[0] ?? run);
      await this.landscape.update(this.Plotly, this.framed(shown), this.theme);
    }
    this.panels.first = first;
    this.panels.update(
      { ...run, steps: this.transport.steps },
      makeComparedCharts(this.header, this.runs, this.coordinate, this.isShown),
      this.theme,
    );
    this.draw();
  }

  async showApart() {
    const shown = this.runs.filter(this.isShown);
    for (const run of shown) {
      if (!this.single.has(run.letter)) this.single.set(run.letter, this.makeLandscape());
    }
    this.grid.replaceChildren(...shown.map((run) => this.single.get(run.letter).element));
    for (const run of shown) {
      const landscape = this.single.get(run.letter);
      landscape.stage.setAttribute("aria-label", `${run.letter}, ${run.label}. ${run.summary}`);
      await landscape.update(this.Plotly, this.framed(run), this.theme);
      landscape.resize();
    }
  }

  /** A run in the window of all of them, or in that of their first steps. */
  framed(run) {
    return { ...run, window: this.enlarged ? this.near() : this.header.window };
  }

  /** The square around the first steps of the paths that are shown. */
  near() {
    const points = this.runs.filter(this.isShown).flatMap((run) =>
      Array.from({ length: Math.min(this.header.first, run.steps) + 1 }, (_, k) => [run.theta(k, 0), run.theta(k, 1)])
    );
    const sides = [0, 1].map((d) => points.map((point) => point[d]).filter(Number.isFinite));
    const spans = sides.map((values) => Math.max(...values) - Math.min(...values));
    const half = 0.7 * Math.max(...spans, 1e-6);
    return sides.map((values) => {
      const middle = (Math.max(...values) + Math.min(...values)) / 2;
      return [middle - half, middle + half];
    });
  }

  pick(letter) {
    this.picked = letter;
    this.transport.setRun(this.transport.steps, this.run.windows);
    this.sayOwn();
    this.show();
  }

  /** Hide a variant or show it again; one always stays. */
  toggle(letter) {
    if (this.hidden.has(letter)) this.hidden.delete(letter);
    else if (this.runs.filter(this.isShown).length > 1) this.hidden.add(letter);
    this.show();
  }

  choose(coordinate) {
    this.coordinate = coordinate;
    this.show();
  }

  spreadOut(apart) {
    this.apart = apart;
    this.show();
  }

  async enlargeFirst(enlarged) {
    this.enlarged = enlarged;
    await this.show();
    for (const landscape of this.pictures()) landscape.resetZoom();
    if (enlarged && this.transport.position > this.header.first) this.transport.jump(this.header.first);
  }

  /** The landscapes in sight. */
  pictures() {
    return this.apart ? this.runs.filter(this.isShown).map((run) => this.single.get(run.letter)) : [this.landscape];
  }

  say(header) {
    this.notice.replaceChildren(...header.complaints.map((text) => h("p", {}, text)));
    this.own = h("p", { class: "al-summary" });
    this.words.replaceChildren(
      h("p", { class: "al-summary" }, header.line),
      h("ul", { class: "al-sentences" }, ...header.sentences.map((text) => h("li", {}, text))),
      this.own,
    );
    this.sayOwn();
    const all = this.runs.map(({ letter, label, summary }) => `${letter}, ${label}: ${summary}`).join(" ");
    this.landscape.stage.setAttribute(
      "aria-label",
      `Landscape of ${header.title} with ${this.runs.length} paths. ${all}`,
    );
    const chosen = new Set(header.panels.map((panel) => panel.key));
    this.choices.replaceChildren(
      ...header.choices.map(({ key, title }) =>
        h(
          "label",
          {},
          h("input", { type: "checkbox", checked: chosen.has(key), value: key, onchange: () => this.chooseCharts() }),
          ` ${title}`,
        )
      ),
    );
  }

  /** What is to be said of the run in hand alone. */
  sayOwn() {
    const { letter, diagnosis, summary } = this.run;
    this.own.textContent = `${letter}: ${[...diagnosis, summary].join(" ")}`;
  }

  chooseCharts() {
    const panels = [...this.choices.querySelectorAll("input:checked")].map((input) => input.value);
    this.channel.request({ panels }, true);
  }

  /** The landscape is square, and leaves room for the transport on the first screen; the charts are as high as it. */
  fit() {
    const wide = window.matchMedia("(min-width: 801px)").matches;
    const side = Math.min(this.left.clientWidth, wide ? clamp(window.innerHeight - 385, 320, 560) : 560);
    this.root.style.setProperty("--side", `${side}px`);
    this.grid.style.setProperty("--side", `${Math.floor((side - 8) / 2)}px`);
    this.panels.least = wide ? side + 34 : 0;
  }

  resize() {
    if (!this.runs || !this.root.isConnected) return;
    this.fit();
    for (const landscape of this.pictures()) landscape.resize();
    this.panels.resize();
    this.draw();
  }

  draw() {
    if (!this.runs) return;
    const { position, shown } = this.transport;
    for (const landscape of this.pictures()) landscape?.draw(position, shown);
    this.panels.draw(position, shown);
    this.drawLedger(Math.min(shown, this.run.steps - 1));
    if (this.run.surface.moves) this.followSurface(shown);
    this.root.dataset.step = shown;
  }

  /** A surface that moves is shown as it is at the playhead's step: now, or as soon as Python is free. */
  followSurface(step) {
    if (step === this.run.surface.t) return;
    clearTimeout(this.following);
    const wait = SURFACE_EVERY - (performance.now() - (this.followed ?? 0));
    if (wait > 0 || this.channel.busy) {
      this.following = setTimeout(() => this.root.isConnected && this.draw(), Math.max(wait, 50));
      return;
    }
    this.followed = performance.now();
    this.channel.request({ surface_step: step }, false);
  }

  /** While it plays nobody reads sixty tables a second: ten will do; a rest always shows its own. */
  drawLedger(step) {
    const now = performance.now();
    if (this.transport.playing && now - (this.ledgerAt ?? 0) < LEDGER_EVERY) return;
    this.ledgerAt = now;
    this.ledger.draw(step);
  }

  remove() {
    document.removeEventListener("keydown", this.onKey);
    this.observer.disconnect();
    this.transport.pause();
    for (const landscape of [this.landscape, ...this.single.values()]) {
      window.removeEventListener("pointerup", landscape.released, true);
      window.Plotly?.purge(landscape.plot);
    }
    this.root.remove();
  }
}

export default component(ComparisonPlayer, "adamaxPlayer");
