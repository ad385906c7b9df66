// One run, or up to twelve over one landscape: its parts all show the same runs at the same step.

import { h } from "../base/dom.js";
import { clamp } from "../base/format.js";
import { makeRuns } from "../base/run.js";
import { around } from "../parts/landscape/window.js";
import { PageOptions } from "./options.js";
import { makeParts, rowsOf } from "./parts.js";
import { Selection } from "./selection.js";

/**
 * @import { Pair, Payload, RunsHeader, Surface, SurfaceRun, Theme } from "../base/types.js"
 * @import { Coordinate } from "../base/charts.js"
 * @import { Row } from "./parts.js"
 * @import { Root } from "./root.js"
 */

const LARGEST = 560; // pixels of the landscape's side
const BELOW = 385; // pixels that everything but the landscape of several runs takes of the first screen
const LETTERS = "ABCDEFGHIJKL";
const CHIPS = 34; // pixels of the row under the landscape

export class Runs {
  name = "al-runs";
  /** @type {Payload<RunsHeader>} */
  payload;
  /** @type {RunsHeader} */
  header;
  /** @type {Theme} */
  theme;
  several = false;
  /** @type {string | undefined} its name, and whether it has several runs */
  study = undefined;
  /** @type {"plane" | "apart" | "space"} */
  view = "plane";
  /** @type {Coordinate} */
  coordinate = "x";
  enlarged = false;
  width = 0; // that it was laid out for
  selection = new Selection();

  /** @param {Root} root */
  constructor(root) {
    this.root = root;
    this.channel = root.channel;
    this.transport = root.transport;
    this.parts = makeParts(this);
    this.rows = rowsOf(this);
    this.views = this.parts.landscape;
    this.landscape = this.views.landscape;
    this.space = this.views.space;
    this.panels = this.parts.charts.panels;
    this.bar = h("div", { class: "al-bar" }, ...this.at("bar"), h("div", { class: "al-menus" }, ...this.at("menus")));
    this.options = new PageOptions(this);
  }

  build() {
    const main = h("div", { class: "al-main" }, ...this.at("main"));
    return [...this.at("top"), this.bar, main, this.transport.element, ...this.at("below")];
  }

  /** @param {Row["place"]} place */
  at(place) {
    return this.rows.filter((row) => row.place === place).map(({ made }) => made.element);
  }

  get runs() {
    return this.selection.runs;
  }

  /** The run in hand, whose arrows and numbers are shown. */
  get run() {
    return this.selection.run;
  }

  /** What is in sight of the landscape: the window of all runs, or that of their first steps. */
  get window() {
    return this.first === null ? this.header.window : around(this.selection.shown, this.first);
  }

  /** So many first steps are enlarged; null if none are. */
  get first() {
    return this.enlarged ? this.header.first : null;
  }

  /** @type {(payload: Payload<RunsHeader>, surface: Surface) => Promise<void>} */
  async take(payload, surface) {
    const { header } = payload;
    const several = header.runs.length + header.refused.length > 1;
    this.payload = payload;
    this.header = header;
    this.several = several;
    this.theme = this.root.theme;
    this.root.element.classList.toggle("al-several", several);
    const study = `${header.named} ${several}`;
    if (study !== this.study) {
      this.enlarged = false;
      this.views.reset();
    }
    this.study = study;
    this.selection.take(makeRuns(payload, surface), header);
    this.options.take(header.options);
    this.takeParts();
    this.options.move();
    await this.layOut();
    this.options.begin(header.options);
  }

  takeParts() {
    if (!this.several && this.view === "apart") this.view = "plane";
    this.transport.setRun(Math.max(...this.runs.map((run) => run.steps)), this.run.windows);
    for (const { made, several } of this.rows) {
      if (several) made.element.hidden = !this.several;
      made.take?.(this);
    }
  }

  /** Take what is in hand, hidden, enlarged, or in sight now. */
  async show() {
    this.takeParts();
    await this.layOut();
  }

  async layOut() {
    this.fit();
    for (const { made } of this.rows) await made.resize?.();
    this.draw();
  }

  /** @param {string} letter */
  pick(letter) {
    this.selection.pickLetter(letter);
    this.show();
  }

  /** @param {string} letter */
  toggle(letter) {
    this.selection.toggle(letter);
    this.show();
  }

  /** @param {Partial<Pick<Runs, "coordinate" | "view">>} choice */
  choose(choice) {
    Object.assign(this, choice);
    this.show();
  }

  async enlargeFirst() {
    this.enlarged = !this.enlarged;
    await this.show();
    this.views.resetZoom();
    if (this.first !== null && this.transport.position > this.first) this.transport.jump(this.first);
  }

  /** The landscape is square, with room for the transport on the first screen; the charts are as high as it. */
  fit() {
    const { dataset, style } = this.root.element;
    const wide = !getComputedStyle(this.root.element).getPropertyValue("--narrow");
    const several = this.several && wide ? clamp(window.innerHeight - BELOW, 320, LARGEST) : LARGEST;
    const { element } = this.views;
    const side = Math.min(element.clientWidth, dataset.present === "true" ? this.roomBelow() : several);
    style.setProperty("--side", `${side}px`);
    this.views.fit(side);
    this.panels.least = dataset.layout === "panels" ? 400 : wide ? side + CHIPS : 0;
  }

  /** On a projector the landscape is as high as the screen allows. */
  roomBelow() {
    const below = 112 + (this.transport.element.offsetHeight && 50);
    return Math.max(300, window.innerHeight - this.views.element.getBoundingClientRect().top - below);
  }

  /** The height changes with the ledger's numbers: only another width moves anything. */
  resize() {
    const width = this.root.element.clientWidth;
    if (!this.runs.length || width === this.width) return;
    this.width = width;
    this.layOut();
  }

  draw() {
    if (!this.runs.length) return;
    const { position, shown } = this.transport;
    this.root.element.dataset.step = String(shown);
    for (const { made } of this.rows) made.draw?.(position, shown);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    return this.options.key(event) || this.transport.key(event);
  }

  /** @param {Pair} point */
  pixel(point) {
    return this.views.pictures()[0]?.pixel(point) ?? null;
  }

  /**
   * Letters of the runs, those hidden, and the one in hand; where their heads are at the playhead; keys and titles of
   * the charts, and the last step in sight; the view; the surface and the step that it shows; what the page asks.
   */
  state() {
    const { runs, run, transport, panels, header, landscape, options, selection, view } = this;
    if (!runs.length) return {};
    const letter = (/** @type {SurfaceRun} */ { variant = 0 }) => LETTERS[variant];
    return {
      named: header.named,
      runs: runs.map(letter),
      labels: runs.map(({ label }) => label),
      hidden: runs.filter((each) => !selection.isShown(each)).map(letter),
      picked: letter(run),
      target: header.target,
      heads: runs.map(({ between, theta, steps }) => between(theta, Math.min(transport.position, steps))),
      beside: landscape.beside.map(({ label }) => label),
      charts: header.panels.map(({ key }) => key),
      titles: header.panels.map(({ title }) => title),
      last: panels.ready ? panels.last : null,
      view,
      surface: run.surface.key,
      surfaceStep: run.surface.t,
      scene: header.options.scene?.key ?? null,
      asking: options.asking,
      guess: header.options.ask ? options.ask.at : null,
    };
  }

  remove() {
    for (const { made } of this.rows) made.remove?.();
  }
}
