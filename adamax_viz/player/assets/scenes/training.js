// A model that trains: one playhead for what it says, its losses, its heat maps, its network and any single weight.

import { h } from "../base/dom.js";
import { format } from "../base/format.js";
import { paced } from "../base/pace.js";
import { HeatMaps } from "../parts/training/heatmap.js";
import { Network } from "../parts/training/network.js";
import { Panels } from "../parts/charts/panels.js";
import { Parameter } from "../parts/training/parameter.js";
import { Picture } from "../parts/training/model_picture.js";
import { Plane } from "../parts/training/plane.js";
import { fillSteps, makeNames, makeWeights } from "../parts/training/payload.js";

/**
 * @import { Arrays, Fields, Payload } from "../base/types.js"
 * @import { NameOf, PlaneHeader, TrainingHeader } from "../parts/training/types.js"
 * @import { Root } from "./root.js"
 */

const wide = (/** @type {number} */ width) => Math.max(1, Math.min(4, Math.floor(width / 270)));
const PARAMETER_EVERY = 100; // milliseconds between ledgers while playing
const REST = 250; // milliseconds after which a playhead that rests gets the picture of its very step

export class Training {
  name = "al-model";
  /** @type {Payload<TrainingHeader>} */
  payload;
  /** @type {number[]} columns of the weights that are looked at */
  picked = [];
  width = 0; // of the page, as it was drawn for
  asked = ""; // which picture Python was asked for last
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  resting = undefined;

  /** @param {Root} root */
  constructor(root) {
    this.root = root;
    this.channel = root.channel;
    this.transport = root.transport;
    const onJump = (/** @type {number} */ step) => this.transport.jump(step);
    const onPick = (/** @type {number} */ column) => this.pick(column);
    this.picture = new Picture();
    this.panels = new Panels({ onJump, across: (width) => (width >= 800 ? 4 : width >= 400 ? 2 : 1) });
    this.heat = new HeatMaps({ onPick, onJump });
    this.network = new Network({ onPick });
    this.plane = new Plane({ onJump });
    this.norms = new Panels({ onJump, across: wide });
    this.parameter = new Parameter({ onJump, across: wide, onPick: (columns) => this.choose(columns) });
    for (const part of [this.panels, this.norms, this.heat, this.network, this.parameter.panels]) {
      part.redraw = () => root.draw();
    }
    this.ledgerDue = paced(PARAMETER_EVERY);
    const note = () => h("p", { class: "al-quiet" });
    this.notes = { plane: note(), heat: note(), network: note(), norms: note() };
    this.words = h("div", { class: "al-words", role: "status" });
    this.planeKinds = h("div", { class: "al-planes", role: "group", "aria-label": "Plane" });
    this.left = h("div", { class: "al-left" }, this.picture.element);
    this.right = h("div", { class: "al-right" }, this.panels.element);
    this.networkSection = section("network", "Network", this.notes.network, this.network.element);
    this.pair = h(
      "div",
      { class: "al-pair" },
      this.networkSection,
      section("plane", "Landscape of the loss", this.planeKinds, this.plane.element, this.notes.plane),
    );
    /** @type {Set<Element>} what is in sight: only that is drawn in every frame */
    this.inSight = new Set();
    this.sight = this.watch();
  }

  get theme() {
    return this.root.theme;
  }

  /**
   * Whoever moves a thumb means its last place: a training is not started again for each on the way.
   * @param {Fields} fields
   * @param {boolean} final
   */
  onKnob(fields, final) {
    if (final) this.channel.request(fields, true);
  }

  watch() {
    const sight = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) this.inSight[isIntersecting ? "add" : "delete"](target);
        if (entries.some((entry) => entry.isIntersecting)) this.draw();
      },
      { rootMargin: "80px" },
    );
    const { picture, network, panels, heat, plane, norms, parameter } = this;
    for (const { element } of [picture, network, panels, heat, plane, norms, parameter]) sight.observe(element);
    return sight;
  }

  build() {
    return [
      h("div", { class: "al-main" }, this.left, this.right),
      this.transport.element,
      this.words,
      section("heat", "Every parameter at every step", this.notes.heat, this.heat.element),
      this.pair,
      section("norms", "Gradient norm of each variable", this.notes.norms, this.norms.element),
      this.parameter.element,
    ];
  }

  /** @param {Payload<TrainingHeader>} payload */
  take(payload) {
    const { header, arrays } = payload;
    const { dataset } = this.root.element;
    this.payload = payload;
    const trained = header.steps > 0;
    this.picked = trained ? header.picked : [];
    dataset.trained = String(trained);
    // Before there are charts, the network takes their place.
    (trained ? this.pair : this.right).prepend(this.networkSection);
    dataset.kind = header.picture.kind;
    this.words.replaceChildren(
      ...header.words.map((text, i) => h("p", { class: i ? "al-summary" : "al-diagnosis" }, text)),
    );
    this.fit();
    this.picture.take(header.picture, arrays, this.theme);
    const name = makeNames(header.variables);
    this.networkSection.hidden = !header.network;
    if (header.network) this.network.take(header.network, makeWeights(header, arrays), this.theme, name);
    this.notes.network.textContent = header.notes.network;
    if (trained) this.takeTraining(header, arrays, name);
    this.draw();
    dataset.steps = String(header.steps);
    dataset.key = header.key;
  }

  /**
   * @param {TrainingHeader} header
   * @param {Arrays} arrays
   * @param {NameOf} name
   */
  takeTraining(header, arrays, name) {
    const run = { steps: header.steps, branch: () => false };
    this.transport.setRun(header.steps, header.windows);
    this.panels.take(run, fillSteps(header.charts, arrays, header.steps), this.theme);
    this.norms.take(run, fillSteps(header.norms, arrays, header.steps), this.theme);
    const maps = header.heat.maps.map((map) => ({ ...map, pixels: arrays[`heat.${map.quantity}`].data }));
    this.heat.take({ ...header.heat, maps }, header.steps, this.theme, name);
    this.notes.heat.textContent = header.notes.heat;
    this.notes.norms.textContent = header.notes.norms;
    this.takePlane(header.plane, arrays);
    this.parameter.take(header, arrays, this.theme, name);
  }

  /**
   * @param {PlaneHeader} plane
   * @param {Arrays} arrays
   */
  takePlane(plane, arrays) {
    this.plane.element.hidden = plane.basis === null;
    this.notes.plane.textContent = plane.words;
    this.planeKinds.replaceChildren(
      ...Object.entries(plane.kinds).map(([key, title]) =>
        h("button", {
          type: "button",
          class: "al-tab",
          "aria-pressed": String(key === plane.basis),
          onclick: () => this.channel.request({ plane: key }, false),
        }, title)
      ),
    );
    if (plane.basis === null) return;
    this.plane.take({
      ...plane,
      shade: arrays["plane.shade"],
      path: arrays["plane.path"],
      at: arrays["plane.steps"].data,
    }, this.theme);
  }

  /**
   * A weight was clicked: it comes first, the one before it stays beside it.
   * @param {number} column
   */
  pick(column) {
    if (this.payload.header.steps === 0) return;
    this.choose([column, ...this.picked.filter((other) => other !== column)].slice(0, 2));
    this.parameter.element.scrollIntoView({
      block: "nearest",
      behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth",
    });
  }

  /** @param {number[]} columns */
  choose(columns) {
    this.picked = columns;
    this.channel.request({ picked: columns }, false);
    this.draw();
  }

  /** The picture is square; the charts are as high as it. */
  fit() {
    const { left, panels } = this;
    this.root.element.style.setProperty("--side", `${Math.min(left.clientWidth, 460)}px`);
    const beside = panels.element.offsetTop < left.offsetTop + left.clientHeight;
    panels.least = beside ? left.clientHeight : 0;
  }

  resize() {
    if (!this.payload) return;
    if (this.root.element.clientWidth === this.width) {
      this.draw(); // a part that was hidden has its size now
      return;
    }
    this.width = this.root.element.clientWidth;
    this.take(this.payload);
  }

  draw() {
    if (!this.payload) return;
    const { payload: { header, arrays }, picked } = this;
    const position = header.steps ? this.transport.position : 0;
    const step = header.steps ? this.transport.shown : 0;
    const seen = (/** @type {{element: Element}} */ part) => this.inSight.has(part.element);
    if (seen(this.picture)) this.picture.draw(position);
    if (header.network && seen(this.network)) this.network.draw(position, picked);
    this.root.element.dataset.step = String(step);
    if (!header.steps) return;
    for (const charts of [this.panels, this.norms]) if (seen(charts)) charts.draw(position, step);
    if (seen(this.heat)) this.heat.draw(position, picked);
    if (header.plane.basis !== null) {
      if (seen(this.plane)) this.plane.draw(position);
      this.notes.plane.textContent = planeWords(header.plane, arrays, position);
    }
    if (seen(this.parameter)) this.drawParameter(position, step);
    this.refine(Math.floor(position + 1e-9));
  }

  /**
   * Pictures come for some steps alone; where the playhead rests, Python is asked for that very one.
   * @param {number} step
   */
  refine(step) {
    clearTimeout(this.resting);
    const { header: { key, steps, live }, arrays } = this.payload;
    const known = arrays["frames.steps"].data.includes(step);
    const asked = `${key} ${steps} ${step}`;
    if (known || this.transport.playing || live || asked === this.asked) return;
    this.resting = setTimeout(() => {
      this.asked = asked;
      this.channel.request({ at: step }, false);
    }, REST);
  }

  /**
   * Charts in every frame, the table not: nobody reads sixty of them a second.
   * @param {number} position
   * @param {number} step
   */
  drawParameter(position, step) {
    this.parameter.drawCharts(position, step);
    if (this.ledgerDue(this.transport.playing)) this.parameter.drawLedger(step);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    this.transport.key(event);
  }

  state() {
    if (!this.payload) return {};
    const { steps, charts = [] } = this.payload.header;
    return { steps, picked: this.picked, charts: charts.map(({ key }) => key) };
  }

  remove() {
    this.sight.disconnect();
    clearTimeout(this.resting);
  }
}

/**
 * @param {string} name
 * @param {string} title
 * @param {HTMLElement} note
 * @param {...HTMLElement} children
 */
function section(name, title, note, ...children) {
  const attributes = { class: `al-section al-in-${name}`, "aria-label": title };
  return h("section", attributes, h("h3", {}, title), note, ...children);
}

/**
 * What the plane shows of the step at the playhead, and what it does not.
 * @param {PlaneHeader} plane
 * @param {Arrays} arrays
 * @param {number} position
 */
function planeWords(plane, arrays, position) {
  const at = arrays["plane.steps"].data;
  const k = Math.max(0, at.findLastIndex((step) => step <= position));
  const numbers = ["plane.away", "plane.loss", "plane.seen"].map((name) => format(arrays[name].data[k], 3));
  const [away, here, there] = numbers;
  return `${plane.words} At step ${at[k]} the weights are ${away} away from it: their loss is ${here}, ` +
    `that of the point shown ${there}.`;
}
