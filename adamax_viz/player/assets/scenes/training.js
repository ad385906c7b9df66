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

const wide = (width) => Math.max(1, Math.min(4, Math.floor(width / 270)));
const PARAMETER_EVERY = 100; // milliseconds between ledgers while playing
const REST = 250; // milliseconds after which a playhead that rests gets the picture of its very step

export class Training {
  name = "al-model";

  /** @param {import("./root.js").Root} root */
  constructor(root) {
    this.root = root;
    const { channel, transport } = root;
    Object.assign(this, { channel, transport });
    const jump = { onJump: (step) => transport.jump(step) };
    const pick = { onPick: (column) => this.pick(column) };
    this.picture = new Picture();
    this.panels = new Panels({ ...jump, across: (width) => (width >= 800 ? 4 : width >= 400 ? 2 : 1) });
    this.heat = new HeatMaps({ ...pick, ...jump });
    this.network = new Network(pick);
    this.plane = new Plane(jump);
    this.norms = new Panels({ ...jump, across: wide });
    this.parameter = new Parameter({ ...jump, across: wide, onPick: (columns) => this.choose(columns) });
    for (const part of [this.panels, this.norms, this.heat, this.network, this.parameter.panels]) {
      part.redraw = () => root.draw();
    }
    this.ledgerDue = paced(PARAMETER_EVERY);
    this.watch();
  }

  get theme() {
    return this.root.theme;
  }

  /** Whoever moves a thumb means its last place: a training is not started again for each on the way. */
  onKnob(fields, final) {
    if (final) this.channel.request(fields, true);
  }

  /** Only what is in sight is drawn in every frame. */
  watch() {
    this.inSight = new Set();
    this.sight = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) this.inSight[isIntersecting ? "add" : "delete"](target);
        if (entries.some((entry) => entry.isIntersecting)) this.draw();
      },
      { rootMargin: "80px" },
    );
    for (
      const { element } of [this.picture, this.network, this.panels, this.heat, this.plane, this.norms, this.parameter]
    ) {
      this.sight.observe(element);
    }
  }

  build() {
    const section = (name, title, help, ...children) =>
      h("section", { class: `al-section al-in-${name}`, "aria-label": title }, h("h3", {}, title), help, ...children);
    const note = () => h("p", { class: "al-quiet" });
    this.words = h("div", { class: "al-words", role: "status" });
    this.planeNote = note();
    this.heatNote = note();
    this.networkNote = note();
    this.normsNote = note();
    this.planeKinds = h("div", { class: "al-planes", role: "group", "aria-label": "Plane" });
    this.left = h("div", { class: "al-left" }, this.picture.element);
    this.right = h("div", { class: "al-right" }, this.panels.element);
    this.networkSection = section("network", "Network", this.networkNote, this.network.element);
    this.pair = h(
      "div",
      { class: "al-pair" },
      this.networkSection,
      section("plane", "Landscape of the loss", this.planeKinds, this.plane.element, this.planeNote),
    );
    return [
      h("div", { class: "al-main" }, this.left, this.right),
      this.transport.element,
      this.words,
      section("heat", "Every parameter at every step", this.heatNote, this.heat.element),
      this.pair,
      section("norms", "Gradient norm of each variable", this.normsNote, this.norms.element),
      this.parameter.element,
    ];
  }

  take(payload) {
    const { header, arrays } = payload;
    const { dataset } = this.root.element;
    Object.assign(this, { payload, header });
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
    this.picture.update(header.picture, arrays, this.theme);
    const name = makeNames(header.variables);
    this.networkSection.hidden = !header.network;
    if (header.network) this.network.update(header.network, makeWeights(header, arrays), this.theme, name);
    this.networkNote.textContent = header.notes.network;
    if (trained) this.takeTraining(header, arrays, name);
    this.draw();
    dataset.steps = String(header.steps);
    dataset.key = header.key;
  }

  takeTraining(header, arrays, name) {
    const run = { steps: header.steps, branch: () => false };
    this.transport.setRun(header.steps, header.windows);
    this.panels.take(run, fillSteps(header.charts, arrays, header.steps), this.theme);
    this.norms.take(run, fillSteps(header.norms, arrays, header.steps), this.theme);
    const maps = header.heat.maps.map((map) => ({ ...map, pixels: arrays[`heat.${map.quantity}`].data }));
    this.heat.update({ ...header.heat, maps }, header.steps, this.theme, name);
    this.heatNote.textContent = header.notes.heat;
    this.normsNote.textContent = header.notes.norms;
    this.takePlane(header.plane, arrays);
    this.parameter.update(header, arrays, this.theme, name);
  }

  takePlane(plane, arrays) {
    this.hasPlane = Boolean(plane.basis);
    this.plane.element.hidden = !this.hasPlane;
    this.planeNote.textContent = plane.words;
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
    if (!this.hasPlane) return;
    this.plane.update({
      ...plane,
      shade: arrays["plane.shade"],
      path: arrays["plane.path"],
      at: arrays["plane.steps"].data,
    }, this.theme);
  }

  /** A weight was clicked: it comes first, the one before it stays beside it. */
  pick(column) {
    if (this.header.steps === 0) return;
    this.choose([column, ...this.picked.filter((other) => other !== column)].slice(0, 2));
    this.parameter.element.scrollIntoView({
      block: "nearest",
      behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth",
    });
  }

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
    if (!this.header) return;
    const { header, picked } = this;
    const position = header.steps ? this.transport.position : 0;
    const step = header.steps ? this.transport.shown : 0;
    const seen = (part) => this.inSight.has(part.element);
    if (seen(this.picture)) this.picture.draw(position);
    if (header.network && seen(this.network)) this.network.draw(position, picked);
    this.root.element.dataset.step = String(step);
    if (!header.steps) return;
    for (const charts of [this.panels, this.norms]) if (seen(charts)) charts.draw(position, step);
    if (seen(this.heat)) this.heat.draw(position, picked);
    if (this.hasPlane) {
      if (seen(this.plane)) this.plane.draw(position);
      this.planeNote.textContent = planeWords(header.plane, this.payload.arrays, position);
    }
    if (seen(this.parameter)) this.drawParameter(position, step);
    this.refine(Math.floor(position + 1e-9));
  }

  /** Pictures come for some steps alone; where the playhead rests, Python is asked for that very one. */
  refine(step) {
    clearTimeout(this.resting);
    const known = this.payload.arrays["frames.steps"].data.includes(step);
    const asked = `${this.header.key} ${this.header.steps} ${step}`;
    if (known || this.transport.playing || this.header.live || asked === this.asked) return;
    this.resting = setTimeout(() => {
      this.asked = asked;
      this.channel.request({ at: step }, false);
    }, REST);
  }

  /** Charts in every frame, the table not: nobody reads sixty of them a second. */
  drawParameter(position, step) {
    this.parameter.drawCharts(position, step);
    if (this.ledgerDue(this.transport.playing)) this.parameter.drawLedger(step);
  }

  key(event) {
    this.transport.key(event);
  }

  state() {
    const { header } = this;
    return header
      ? { steps: header.steps, picked: this.picked, charts: header.charts?.map(({ key }) => key) ?? [] }
      : {};
  }

  remove() {
    this.sight.disconnect();
    clearTimeout(this.resting);
  }
}

/** What the plane shows of the step at the playhead, and what it does not. */
function planeWords(plane, arrays, position) {
  const at = arrays["plane.steps"].data;
  const k = Math.max(0, at.findLastIndex((step) => step <= position));
  const [away, here, there] = ["plane.away", "plane.loss", "plane.seen"].map((name) => arrays[name].data[k]);
  const distance = `At step ${at[k]} the weights are ${format(away, 3)} away from it: their loss is ${
    format(here, 3)
  }, that of the point shown ${format(there, 3)}.`;
  return `${plane.words} ${distance}`;
}
