// One run, or up to twelve over one landscape: paths, charts, knobs, ledger and words, all at the same step.

import { h } from "../base/dom.js";
import { clamp } from "../base/format.js";
import { paced } from "../base/pace.js";
import { makeCharts, makeComparedCharts } from "../base/charts.js";
import { makeRuns } from "../base/run.js";
import { Panels } from "../parts/charts/panels.js";
import { Choice } from "../parts/choice.js";
import { Chooser } from "../parts/chooser.js";
import { Views } from "../parts/landscape/views.js";
import { around } from "../parts/landscape/window.js";
import { Ledger } from "../parts/ledger.js";
import { Legend } from "../parts/variants.js";
import { inWords, Words } from "../parts/words.js";
import { TakeHome } from "../take/takehome.js";
import { Follower } from "./following.js";
import { PageOptions } from "./options.js";
import { Selection } from "./selection.js";
import { stateOf } from "./state.js";

/**
 * @import { Pair, Payload, RunsHeader, Surface, SurfaceRun } from "../base/types.js"
 * @import { Coordinate } from "../base/charts.js"
 * @import { Root } from "./root.js"
 */

const LEDGER_EVERY = 100; // milliseconds: while it plays nobody reads sixty tables a second
/** @type {Coordinate[]} */
const CHOICES = ["x", "y", "norm"];
const COORDINATES = CHOICES.map((value) => ({ value, text: value }));
const LARGEST = 560; // pixels of the landscape's side
const BELOW = 385; // pixels that everything but the landscape of several runs takes of the first screen
const CHIPS = 34; // pixels of the row under the landscape

export class Runs {
  name = "al-runs";
  /** @type {RunsHeader} */
  header;
  several = false;
  /** @type {string | null} the study's name */
  named = null;
  /** @type {Coordinate} */
  coordinate = "x";
  enlarged = false;
  width = 0; // that it was laid out for

  /** @param {Root} root */
  constructor(root) {
    this.root = root;
    const { channel, transport } = root;
    const onJump = (/** @type {number} */ step) => transport.jump(step);
    const onRedraw = () => root.draw();
    /** @type {import("../parts/landscape/landscape.js").Hands["onStart"]} */
    const onStart = (start, final) => channel.request({ start }, final);
    this.selection = new Selection();
    this.views = new Views({ onStart, onJump, onRedraw }, () => this.show());
    this.panels = new Panels({ onJump });
    this.panels.redraw = onRedraw;
    this.ledger = new Ledger();
    this.ledgerDue = paced(LEDGER_EVERY);
    this.legend = new Legend({ onPick: (letter) => this.pick(letter), onToggle: (letter) => this.toggle(letter) });
    this.chooser = new Chooser((panels) => channel.request({ panels }, true));
    this.words = new Words();
    this.takeHome = new TakeHome(this);
    this.follower = new Follower(root, (surface) => this.views.follow(surface));
    this.axes = new Choice("Coordinate in the charts", (value) => this.choose(value), { words: "charts of" });
    this.pickers = new Choice("Numbers of", (value) => this.pick(value), { class: "al-pickers" });
    this.enlarge = h("button", { type: "button", class: "al-tab", onclick: () => this.enlargeFirst(!this.enlarged) });
    this.bar = h(
      "div",
      { class: "al-bar" },
      this.views.tabs.element,
      h("div", { class: "al-menus" }, this.enlarge, this.axes.element, this.chooser.element, this.takeHome.element),
    );
    this.left = this.views.element;
    this.right = h("div", { class: "al-right" }, this.panels.element);
    this.options = new PageOptions(this);
  }

  build() {
    return [
      this.legend.element,
      this.bar,
      h("div", { class: "al-main" }, this.left, this.right),
      this.root.transport.element,
      this.words.element,
      this.pickers.element,
      this.ledger.element,
      this.options.present.element,
    ];
  }

  // What is taken home is drawn from these.
  get landscape() {
    return this.views.landscape;
  }

  get space() {
    return this.views.space;
  }

  get view() {
    return this.views.current;
  }

  /** @returns {Payload<RunsHeader>} */
  get payload() {
    return this.root.payload;
  }

  get transport() {
    return this.root.transport;
  }

  get theme() {
    return this.root.theme;
  }

  get Plotly() {
    return this.root.Plotly;
  }

  get runs() {
    return this.selection.runs;
  }

  /** The run in hand, whose arrows and numbers are shown. */
  get run() {
    return this.selection.run;
  }

  /**
   * @param {Payload<RunsHeader>} payload
   * @param {Surface} surface
   */
  async take(payload, surface) {
    const { root, selection, transport } = this;
    const { header } = payload;
    this.header = header;
    const several = header.runs.length + header.refused.length > 1;
    const another = header.named !== this.named || several !== this.several;
    this.several = several;
    root.element.classList.toggle("al-several", this.several);
    if (another) {
      this.named = header.named;
      this.enlarged = false;
      this.views.reset();
    }
    selection.take(makeRuns(payload, surface), header);
    transport.setRun(Math.max(...this.runs.map((run) => run.steps)), this.run.windows);
    this.landscape.start.element.disabled = root.isLocked("start");
    this.chooser.take(header);
    this.takeHome.offer(header, this.several);
    this.arrange();
    this.options.take(header.options);
    this.fit();
    await this.paint();
    this.options.begin(header.options);
  }

  /** Everything that depends on what is in hand, hidden, enlarged, or in sight. */
  async show() {
    this.arrange();
    this.fit();
    await this.paint();
  }

  /** Who is shown and who is in hand, in every part but the pictures. */
  arrange() {
    const { header, run, several } = this;
    for (const part of [this.legend, this.axes, this.pickers]) part.element.hidden = !several;
    if (several) {
      this.legend.take(this.runs, header.refused, run.letter, (each) => this.selection.isShown(each));
      this.axes.take(COORDINATES, this.coordinate);
      const picker = (/** @type {SurfaceRun} */ { letter = "", label }) => ({
        value: letter,
        text: letter,
        label: `Numbers of ${letter}`,
        title: label,
      });
      this.pickers.take(this.runs.map(picker), run.letter ?? "");
    }
    this.enlarge.hidden = header.first === null;
    this.enlarge.textContent = `First ${header.first} steps`;
    this.enlarge.setAttribute("aria-pressed", String(this.enlarged));
    this.words.take(header, run, several);
    this.ledger.take(run);
    this.landscape.stage.setAttribute("aria-label", inWords(header, this.runs, several));
    this.views.hold(this.paths());
  }

  /** The pictures: surfaces where they changed, then charts. */
  async paint() {
    await this.views.take();
    const { run, runs, header, theme, transport: { steps } } = this;
    const charts = this.several
      ? makeComparedCharts(header.panels, runs, this.coordinate, (each) => this.selection.isShown(each))
      : makeCharts(header.panels, run);
    this.panels.take({ ...run, steps }, charts, theme, this.enlarged ? header.first : null);
    this.draw();
  }

  /** What the landscapes show, in the window of all runs, or in that of their first steps. */
  paths() {
    const { header, run, several, theme, Plotly } = this;
    const runs = several ? this.selection.shown : this.runs;
    const window = this.enlarged && header.first !== null ? around(runs, header.first) : header.window;
    return { Plotly, runs, run, several, start: header.start, window, theme };
  }

  /** @param {string} letter */
  pick(letter) {
    this.selection.pickLetter(letter);
    this.transport.setRun(this.transport.steps, this.run.windows);
    this.show();
  }

  /** @param {string} letter */
  toggle(letter) {
    this.selection.toggle(letter);
    this.show();
  }

  /** @param {string} coordinate */
  choose(coordinate) {
    this.coordinate = CHOICES.find((choice) => choice === coordinate) ?? "x";
    this.show();
  }

  /** @param {boolean} enlarged */
  async enlargeFirst(enlarged) {
    this.enlarged = enlarged;
    await this.show();
    this.views.resetZoom();
    const { first } = this.header;
    if (enlarged && first !== null && this.transport.position > first) this.transport.jump(first);
  }

  /** The landscape is square, with room for the transport on the first screen; the charts are as high as it. */
  fit() {
    const wide = window.matchMedia("(min-width: 801px)").matches;
    const { dataset, style } = this.root.element;
    const several = this.several && wide ? clamp(window.innerHeight - BELOW, 320, LARGEST) : LARGEST;
    const side = Math.min(this.left.clientWidth, dataset.present === "true" ? this.roomBelow() : several);
    style.setProperty("--side", `${side}px`);
    this.views.fit(side);
    this.panels.least = dataset.layout === "panels" ? 400 : wide ? side + CHIPS : 0;
  }

  /** On a projector the landscape is as high as the screen allows. */
  roomBelow() {
    const below = 112 + (this.transport.element.offsetHeight && 50);
    return Math.max(300, window.innerHeight - this.left.getBoundingClientRect().top - below);
  }

  /** Its height changes with the ledger's numbers: only another width moves anything. */
  resize() {
    const width = this.root.element.clientWidth;
    if (!this.runs.length || width === this.width) return;
    this.width = width;
    this.fit();
    this.views.resize();
    this.panels.resize();
    this.draw();
  }

  draw() {
    const { run, transport } = this;
    if (!this.runs.length) return;
    const { position, shown } = transport;
    // Elements before canvases: a canvas that is given a font has the page's styles computed, once for all that changed.
    this.root.element.dataset.step = String(shown);
    if (this.ledgerDue(transport.playing)) this.ledger.draw(Math.min(shown, run.steps - 1));
    this.views.draw(position, shown);
    this.panels.draw(position, shown);
    if (run.surface.moves && !this.left.classList.contains("al-off")) this.follower.draw(shown, run.surface);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    return this.options.key(event) || this.transport.key(event);
  }

  /** @param {Pair} point */
  pixel(point) {
    return this.views.pictures()[0]?.pixel(point) ?? null;
  }

  state() {
    return this.runs.length ? stateOf(this) : {};
  }

  remove() {
    this.follower.remove();
    this.options.remove();
    this.views.remove();
    this.takeHome.remove();
  }
}
