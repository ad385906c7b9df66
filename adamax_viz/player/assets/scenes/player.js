// The player: one run, one playhead; landscape, charts, knobs and ledger all show the same step.

import { Channel } from "../base/channel.js";
import { component } from "../base/component.js";
import { h } from "../base/dom.js";
import { Knobs } from "../parts/knobs.js";
import { Landscape } from "../parts/landscape.js";
import { Ledger } from "../parts/ledger.js";
import { Panels } from "../parts/panels.js";
import { decode } from "../base/payload.js";
import { loadPlotly } from "../base/plotly.js";
import { makeCharts, makeRun, makeSurface } from "../base/run.js";
import { Scene } from "../parts/scene.js";
import { embeddedSurface } from "../take/snapshots.js";
import { Space } from "../parts/space.js";
import { TakeHome } from "../take/takehome.js";
import { applyTheme, readTheme } from "../base/theme.js";
import { Transport } from "../parts/transport.js";

// Surfaces by key, for as long as the page lives: Python sends each only once.
const surfaces = new Map();
const KEPT_SURFACES = 40;
const LEDGER_EVERY = 100;
const SURFACE_EVERY = 350; // milliseconds between pictures of a surface that moves

class Player {
  constructor(parent) {
    this.channel = new Channel((bytes, sequence) => this.takeLive(bytes, sequence));
    this.transport = new Transport(() => this.draw());
    this.knobs = new Knobs((fields, final) => this.channel.request(fields, final));
    this.landscape = new Landscape({
      onStart: (start, final) => this.channel.request({ start }, final),
      onJump: (step) => this.transport.jump(step),
    });
    this.space = new Space();
    this.panels = new Panels({ onJump: (step) => this.transport.jump(step) });
    this.ledger = new Ledger();
    this.takeHome = new TakeHome(this);
    for (const part of [this.landscape, this.panels]) part.redraw = () => this.draw();
    this.build(parent);
    this.scene = new Scene(this);
    this.onKey = (event) => this.scene.key(event) || this.transport.key(event);
    document.addEventListener("keydown", this.onKey);
    this.root.addEventListener("pointerleave", () => this.channel.leave());
    this.root.addEventListener("focusout", (event) => this.root.contains(event.relatedTarget) || this.channel.leave());
    this.onHide = () => this.channel.leave();
    window.addEventListener("blur", this.onHide);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.root);
  }

  build(parent) {
    const tab = (name, label) =>
      h("button", {
        type: "button",
        role: "tab",
        class: "al-tab",
        "aria-selected": String(name === "plane"),
        onclick: () => this.show(name),
      }, label);
    this.tabs = { plane: tab("plane", "Landscape"), space: tab("space", "3-D") };
    this.chooser = h(
      "details",
      { class: "al-chooser" },
      h("summary", {}, "Charts"),
      this.choices = h("div", { class: "al-choices" }),
    );
    this.words = h("div", { class: "al-words", role: "status" });
    this.notice = h("div", { class: "al-notice", role: "alert" });
    this.tablist = h("div", { role: "tablist", class: "al-tabs" }, this.tabs.plane, this.tabs.space);
    this.bar = h(
      "div",
      { class: "al-bar" },
      this.tablist,
      h("div", { class: "al-menus" }, this.chooser, this.takeHome.element),
    );
    this.left = h("div", { class: "al-left" }, this.landscape.element, this.space.element);
    this.right = h("div", { class: "al-right" }, this.panels.element);
    this.root = h(
      "div",
      { class: "al-player", "data-state": "loading" },
      this.knobs.element,
      this.knobs.note,
      this.notice,
      this.bar,
      h("div", { class: "al-main" }, this.left, this.right),
      this.transport.element,
      this.words,
      this.ledger.element,
    );
    this.space.element.hidden = true;
    parent.append(this.root);
  }

  /** New data of the session, or a new theme. */
  async receive({ data, setTriggerValue }) {
    this.channel.send = (message) => setTriggerValue("request", message);
    if (data && data !== this.data) {
      this.data = data;
      const payload = decode(data);
      const { header } = payload;
      this.keepSurface(payload);
      this.channel.live = header.live ? { query: header.query, panels: header.chosen } : null;
      this.channel.answered(header.answered);
      if (this.run && this.channel.ahead) {
        // The thumb has moved on: what it shows now is asked for anew, on top of what the session says.
        this.notice.replaceChildren(...complaints(header));
        this.channel.moved = true;
        this.channel.ask();
        return;
      }
      this.payload = payload;
    }
    if (this.payload) await this.refresh();
  }

  /** The server's direct answer. */
  async takeLive(bytes, sequence) {
    const payload = decode(bytes);
    this.keepSurface(payload);
    const { options } = this.payload.header;
    Object.assign(payload.header, { answered: sequence, complaints: [], options });
    this.payload = payload;
    await this.refresh();
  }

  keepSurface(payload) {
    const { key } = payload.header.surface;
    const surface = makeSurface(payload) ?? surfaces.get(key);
    if (!surface) return;
    surfaces.delete(key);
    surfaces.set(key, surface);
    if (surfaces.size > KEPT_SURFACES) surfaces.delete(surfaces.keys().next().value);
  }

  async refresh() {
    const { header } = this.payload;
    const surface = surfaces.get(header.surface.key);
    if (!surface) {
      this.channel.request({ need: header.surface.key }, false);
      return;
    }
    this.channel.surface.have = header.surface.key;
    const turn = (this.turn = (this.turn ?? 0) + 1);
    try {
      this.Plotly ??= await loadPlotly();
    } catch (error) {
      this.notice.textContent = error.message;
      return;
    }
    if (turn !== this.turn || !this.root.isConnected) return;
    await this.take(header, surface);
  }

  async take(header, surface) {
    this.theme = readTheme(this.root, header.tokens);
    applyTheme(this.root, this.theme);
    this.run = makeRun(this.payload, surface);
    this.charts = makeCharts(this.payload, this.run);
    this.transport.setRun(this.run.steps, this.run.windows);
    this.obey(header.options ?? {});
    this.knobs.set(header.knobs, this.isLocked);
    this.say(header);
    this.takeHome.update(header);
    this.ledger.update(this.run);
    this.landscape.take(this.run);
    this.scene.set(header.options);
    this.fit();
    if (this.left.clientWidth) {
      await this.landscape.update(this.Plotly, this.run, this.theme);
      this.landscape.resize();
    }
    this.panels.update(this.run, this.charts, this.theme);
    if (!this.space.element.hidden) await this.space.update(this.Plotly, this.run, this.theme);
    this.draw();
    this.begin(header.options ?? {});
    // For whoever waits for a picture: which request it answers, and that it is painted.
    this.root.dataset.state = "ready";
    this.root.dataset.answered = header.answered;
    this.root.dataset.query = header.query;
  }

  /** What the page asks: `locked` names knobs (or "start", or "all"), `offline` means that nobody answers. */
  obey({ locked = [], offline = false }) {
    this.isLocked = (name) => locked.includes("all") || locked.includes(name);
    this.landscape.handle.disabled = this.isLocked("start");
    if (offline) this.channel.request = () => {};
    this.chooser.hidden = offline;
  }

  /** Once, with the first picture: `step` is where to begin, `autoplay` how fast to play, round and round. */
  begin({ step = null, autoplay = 0 }) {
    if (this.begun) return;
    this.begun = true;
    if (step !== null) this.transport.jump(step);
    if (autoplay && !window.matchMedia("(prefers-reduced-motion: reduce)").matches) this.transport.loopAt(autoplay);
  }

  say(header) {
    this.notice.replaceChildren(...complaints(header));
    this.words.replaceChildren(
      h("p", { class: "al-diagnosis" }, header.diagnosis.join(" ")),
      h("p", { class: "al-summary" }, header.summary),
    );
    this.landscape.stage.setAttribute("aria-label", `Landscape of ${header.title} with the path. ${header.summary}`);
    const chosen = new Set(header.panels.map((panel) => panel.key));
    this.choices.replaceChildren(
      ...header.choices.map(({ key, title }) =>
        h(
          "label",
          {},
          h("input", { type: "checkbox", checked: chosen.has(key), value: key, onchange: () => this.choose() }),
          ` ${title}`,
        )
      ),
    );
  }

  choose() {
    const panels = [...this.choices.querySelectorAll("input:checked")].map((input) => input.value);
    this.channel.request({ panels }, true);
  }

  show(name) {
    for (const [key, tab] of Object.entries(this.tabs)) tab.setAttribute("aria-selected", String(key === name));
    this.space.element.hidden = name !== "space";
    this.landscape.element.hidden = name === "space";
    if (name === "space") this.space.update(this.Plotly, this.run, this.theme).then(() => this.draw());
    else this.draw();
  }

  /** The landscape is square; the charts are as high as it. */
  fit() {
    const side = Math.min(this.left.clientWidth, this.root.dataset.present === "true" ? this.roomBelow() : 560);
    this.root.style.setProperty("--side", `${side}px`);
    const alone = this.root.dataset.layout === "panels";
    this.panels.least = alone ? 400 : window.matchMedia("(min-width: 801px)").matches ? side + 34 : 0;
  }

  /** On a projector the landscape is as high as the screen allows. */
  roomBelow() {
    const below = 112 + (this.transport.element.offsetHeight && 50);
    return Math.max(300, window.innerHeight - this.left.getBoundingClientRect().top - below);
  }

  resize() {
    if (!this.run || !this.root.isConnected) return;
    this.fit();
    this.landscape.resize();
    this.panels.resize();
    this.draw();
  }

  draw() {
    if (!this.run) return;
    const position = Math.min(this.transport.position, this.run.steps);
    const step = this.transport.shown;
    if (this.space.element.hidden) this.landscape.draw(position, step);
    else this.space.draw(position);
    this.panels.draw(position, step);
    this.drawLedger(step);
    this.frames = (this.frames ?? 0) + 1;
    if (this.run.surface.moves && !this.left.classList.contains("al-off")) this.followSurface(step);
    this.root.dataset.step = step;
  }

  /** While it plays nobody reads sixty tables a second: ten will do; a rest always shows its own. */
  drawLedger(step) {
    const now = performance.now();
    if (this.transport.playing && now - (this.ledgerAt ?? 0) < LEDGER_EVERY) return;
    this.ledgerAt = now;
    this.ledger.draw(step);
  }

  /** A surface that moves is shown as it is at the playhead's step: now, or as soon as Python is free. */
  followSurface(step) {
    if (step === this.run.surface.t) return;
    if (this.payload.header.options?.offline) {
      this.showEmbedded(step);
      return;
    }
    clearTimeout(this.following);
    const wait = SURFACE_EVERY - (performance.now() - (this.followed ?? 0));
    if (wait > 0 || this.channel.busy) {
      this.following = setTimeout(() => this.root.isConnected && this.draw(), Math.max(wait, 50));
      return;
    }
    this.followed = performance.now();
    this.channel.request({ surface_step: step }, false);
  }

  /** Without a server: the nearest of the surfaces that came with the page. */
  showEmbedded(step) {
    const surface = embeddedSurface(this.payload, step);
    if (!surface || surface === this.run.surface) return;
    this.run.surface = surface;
    this.landscape.update(this.Plotly, this.run, this.theme);
  }

  remove() {
    document.removeEventListener("keydown", this.onKey);
    window.removeEventListener("blur", this.onHide);
    this.channel.flush();
    window.removeEventListener("pointerup", this.landscape.released, true);
    this.observer.disconnect();
    this.scene.remove();
    this.transport.pause();
    for (const { plot } of [this.landscape, this.space]) window.Plotly?.purge(plot);
    this.root.remove();
  }
}

function complaints(header) {
  return header.complaints.map((text) => h("p", {}, text));
}

export default component(Player, "adamaxPlayer");
