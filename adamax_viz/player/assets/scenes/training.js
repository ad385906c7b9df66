// A model that trains: one playhead for what it says, its losses, its heat maps, its network and any single weight.

import { h } from "../base/dom.js";
import { Panels } from "../parts/charts/panels.js";
import { HeatMaps } from "../parts/training/heatmap.js";
import { Picture } from "../parts/training/model_picture.js";
import { Network } from "../parts/training/network.js";
import { Parameter } from "../parts/training/parameter.js";
import { fillSteps } from "../parts/training/payload.js";
import { Plane } from "../parts/training/plane.js";

/**
 * @import { OnChange, Payload } from "../base/types.js"
 * @import { TrainingHeader } from "../parts/training/types.js"
 * @import { Root } from "./root.js"
 */

const wide = (/** @type {number} */ width) => Math.max(1, Math.min(4, Math.floor(width / 270)));
const REST = 250; // milliseconds after which a playhead that rests gets the picture of its very step

export class Training {
  name = "al-model";
  /** @type {Payload<TrainingHeader>} */
  payload;
  /** @type {number[]} columns of the weights that are looked at */
  picked = [];
  width = 0; // of the page, as it was drawn for
  asked = ""; // which picture Python was asked for last
  resting = 0; // a timer
  /** @type {Set<Element>} what is in sight: only that is drawn in every frame */
  inSight = new Set();

  /** @param {Root} root */
  constructor(root) {
    this.root = root;
    this.channel = root.channel;
    this.transport = root.transport;
    this.picture = new Picture(this);
    this.panels = new Panels(root, (width) => (width >= 800 ? 4 : width >= 400 ? 2 : 1));
    this.heat = new HeatMaps(this);
    this.network = new Network(this);
    this.plane = new Plane(this);
    this.norms = new Panels(root, wide);
    this.parameter = new Parameter(this, wide);
    const note = () => h("p", { class: "al-quiet" });
    this.notes = { heat: note(), network: note(), norms: note() };
    this.words = h("div", { class: "al-words", role: "status" });
    this.left = h("div", { class: "al-left" }, this.picture.element);
    this.right = h("div", { class: "al-right" }, this.panels.element);
    this.networkSection = section("network", "Network", this.notes.network, this.network.element);
    const { kinds, element, note: planeNote } = this.plane;
    const planeSection = section("plane", "Landscape of the loss", kinds.element, element, planeNote);
    this.pair = h("div", { class: "al-pair" }, this.networkSection, planeSection);
    this.sight = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) this.inSight[isIntersecting ? "add" : "delete"](target);
      if (entries.some((entry) => entry.isIntersecting)) this.draw();
    }, { rootMargin: "80px" });
    const { picture, network, panels, heat, plane, norms, parameter } = this;
    for (const { element } of [picture, network, panels, heat, plane, norms, parameter]) this.sight.observe(element);
  }

  /** @type {OnChange} whoever moves a thumb means its last place: no training is started for each on the way */
  onKnob(fields, final) {
    if (final) this.channel.request(fields, true);
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
    const { header } = payload;
    const { dataset } = this.root.element;
    const trained = header.steps > 0;
    this.payload = payload;
    this.picked = trained ? header.picked : [];
    dataset.trained = String(trained);
    dataset.kind = header.picture.kind;
    // Before there are charts, the network takes their place.
    (trained ? this.pair : this.right).prepend(this.networkSection);
    this.networkSection.hidden = !header.network;
    this.words.replaceChildren(
      ...header.words.map((text, i) => h("p", { class: i ? "al-summary" : "al-diagnosis" }, text)),
    );
    for (const [name, note] of Object.entries(this.notes)) {
      note.textContent = header.notes[/** @type {keyof typeof this.notes} */ (name)];
    }
    this.fit();
    this.picture.take();
    this.network.take();
    if (trained) this.takeTraining();
    this.draw(true);
    dataset.steps = String(header.steps);
    dataset.key = header.key;
  }

  takeTraining() {
    const { header: { steps, windows, charts, norms }, arrays } = this.payload;
    const { theme } = this.root;
    const run = { steps, branch: () => false };
    this.transport.setRun(steps, windows);
    this.panels.take(run, fillSteps(charts, arrays, steps), theme);
    this.norms.take(run, fillSteps(norms, arrays, steps), theme);
    for (const part of [this.heat, this.plane, this.parameter]) part.take();
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
    this.channel.request({ picked: columns }, true);
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
    const { clientWidth } = this.root.element;
    if (!this.payload || clientWidth === this.width) return;
    this.width = clientWidth;
    this.take(this.payload);
  }

  /** What is in sight; the numbers of a `fresh` training too, as what is below them must not move under a hand. */
  draw(fresh = false) {
    if (!this.payload) return;
    const { payload: { header }, transport, plane } = this;
    const [position, step] = header.steps ? [transport.position, transport.shown] : [0, 0];
    const seen = (/** @type {{element: Element}} */ part) => this.inSight.has(part.element);
    if (seen(this.picture)) this.picture.draw(position);
    if (seen(this.network)) this.network.draw(position);
    this.root.element.dataset.step = String(step);
    if (!header.steps) return;
    for (const charts of [this.panels, this.norms]) if (seen(charts)) charts.draw(position, step);
    if (seen(this.heat)) this.heat.draw(position);
    if (fresh || seen(this.parameter)) this.parameter.draw(position, step);
    if (header.plane.basis !== null) {
      if (seen(plane)) plane.draw(position);
      plane.tell(position);
    }
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

/** @type {(name: string, title: string, ...children: HTMLElement[]) => HTMLElement} */
function section(name, title, ...children) {
  const attributes = { class: `al-section al-in-${name}`, "aria-label": title };
  return h("section", attributes, h("h3", {}, title), ...children);
}
