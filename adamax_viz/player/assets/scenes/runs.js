// @ts-check
// One run, or up to twelve over one landscape: paths, charts, knobs, ledger and words, all at the same step.

import { h } from "../base/dom.js";
import { clamp } from "../base/format.js";
import { paced } from "../base/pace.js";
import { makeCharts, makeComparedCharts } from "../base/charts.js";
import { makeRuns } from "../base/run.js";
import { Panels } from "../parts/charts/panels.js";
import { Choice } from "../parts/choice.js";
import { Chooser } from "../parts/chooser.js";
import { near } from "../parts/landscape/window.js";
import { Views } from "../parts/landscape/views.js";
import { Ledger } from "../parts/ledger.js";
import { Legend } from "../parts/variants.js";
import { Words } from "../parts/words.js";
import { TakeHome } from "../take/takehome.js";
import { Follower } from "./following.js";
import { PageOptions } from "./options.js";
import { stateOf } from "./state.js";

/**
 * @import { Chart, Pair, Payload, RunsHeader, Surface, SurfaceRun } from "../base/types.js"
 * @import { Coordinate } from "../base/charts.js"
 */

const LEDGER_EVERY = 100; // milliseconds: while it plays nobody reads sixty tables a second
const COORDINATES = ["x", "y", "norm"].map((value) => ({ value, text: value }));
const LARGEST = 560; // pixels of the landscape's side
const BELOW = 385; // pixels that everything but the landscape of several runs takes of the first screen
const CHIPS = 34; // pixels of the row under the landscape

export class Runs {
  name = "al-runs";
  plots = true;
  /** @type {RunsHeader} */
  header;
  /** @type {SurfaceRun[]} */
  runs = [];
  /** @type {Chart[]} */
  charts = [];
  several = false;
  /** @type {string | undefined} which study is shown */
  named;
  /** @type {string | null | undefined} the letter whose knobs are shown */
  target;
  picked = 0; // the place of the run in hand
  /** @type {Set<string>} letters */
  hidden = new Set();
  /** @type {Coordinate} */
  coordinate = "x";
  enlarged = false;

  /** @param {import("./root.js").Root} root */
  constructor(root) {
    this.root = root;
    const { channel, transport } = root;
    const onJump = (/** @type {number} */ step) => transport.jump(step);
    const onRedraw = () => root.draw();
    const onStart = (/** @type {Pair} */ start, /** @type {boolean} */ final) => channel.request({ start }, final);
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
    this.left = this.views.element;
    this.right = h("div", { class: "al-right" }, this.panels.element);
    const menus = [this.enlarge, this.axes.element, this.chooser.element, this.takeHome.element];
    this.bar = h("div", { class: "al-bar" }, this.views.tabs.element, h("div", { class: "al-menus" }, ...menus));
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

  /** The run in hand, whose arrows and numbers are shown. */
  get run() {
    return this.runs.find((run) => run.variant === this.picked) ?? this.runs[0];
  }

  isShown = (/** @type {{letter?: string}} */ run) => !this.hidden.has(run.letter ?? "");

  /**
   * @param {Payload<RunsHeader>} payload
   * @param {Surface} surface
   */
  async take(payload, surface) {
    const { root } = this;
    const { header } = payload;
    this.header = header;
    this.runs = makeRuns(payload, surface);
    this.several = header.runs.length + header.refused.length > 1;
    root.element.classList.toggle("al-several", this.several);
    if (header.named !== this.named) this.begin(header);
    if (header.target !== this.target) {
      this.target = header.target; // whom the knobs move now: its arrows and numbers are looked for
      this.picked = this.runs.find((run) => run.letter === header.target)?.variant ?? this.picked;
    }
    this.picked = this.run.variant;
    this.transport.setRun(Math.max(...this.runs.map((run) => run.steps)), this.run.windows);
    this.landscape.start.element.disabled = root.isLocked("start");
    this.chooser.take(header);
    this.takeHome.offer(header, this.several);
    this.arrange();
    this.options.take(header.options);
    this.fit();
    await this.paint();
    this.options.begin(header.options);
  }

  /**
   * Another study: all runs, the first that shows something of its own in hand, the whole of them.
   * @param {RunsHeader} header
   */
  begin(header) {
    this.named = header.named;
    this.hidden.clear();
    const telling = this.several && this.runs.find((run) => run.clipped || run.hasEma);
    this.picked = (telling || this.runs[0]).variant;
    this.enlarged = false;
    this.views.reset();
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
      this.legend.take(this.runs, header.refused, run.letter, this.isShown);
      this.axes.take(COORDINATES, this.coordinate);
      const picker = (/** @type {SurfaceRun} */ { letter, label }) => ({
        value: letter,
        text: letter,
        label: `Numbers of ${letter}`,
        title: label,
      });
      this.pickers.take(this.runs.map(picker), run.letter);
    }
    this.enlarge.hidden = header.first === null;
    this.enlarge.textContent = `First ${header.first} steps`;
    this.enlarge.setAttribute("aria-pressed", String(this.enlarged));
    this.words.take(header, run, several);
    this.ledger.take(run);
    this.landscape.stage.setAttribute("aria-label", this.inWords());
    this.views.hold(this.paths());
  }

  /** The pictures: surfaces where they changed, then charts. */
  async paint() {
    await this.views.take();
    const { run, runs, header, theme } = this;
    this.charts = this.several
      ? makeComparedCharts(header.panels, runs, this.coordinate, this.isShown)
      : makeCharts(header.panels, run);
    this.panels.take({ ...run, steps: this.transport.steps }, this.charts, theme, this.enlarged ? header.first : null);
    this.draw();
  }

  /** What the landscapes show, in the window of all runs, or in that of their first steps. */
  paths() {
    const { header, run, several, theme, Plotly } = this;
    const runs = several ? this.runs.filter(this.isShown) : this.runs;
    const window = this.enlarged && header.first !== null ? near(runs, header.first) : header.window;
    return { Plotly, runs, run, several, start: header.start, window, theme };
  }

  /** The landscape for those who can't see it; a prediction's outcome is not told beforehand. */
  inWords() {
    const { header: { title, options }, runs, several } = this;
    const asking = options.ask && options.ask.answer === undefined;
    const told = several
      ? runs.map(({ letter, label, summary }) => `${letter}, ${label}: ${summary}`).join(" ")
      : runs[0].summary;
    const paths = several ? `${runs.length} paths` : "the path";
    return `Landscape of ${title} with ${paths}.${asking ? "" : ` ${told}`}`;
  }

  /** @param {string} letter */
  pick(letter) {
    this.picked = this.runs.find((run) => run.letter === letter)?.variant ?? this.picked;
    this.transport.setRun(this.transport.steps, this.run.windows);
    this.show();
  }

  /**
   * Hide a run or show it again; one always stays.
   * @param {string} letter
   */
  toggle(letter) {
    if (this.hidden.has(letter)) this.hidden.delete(letter);
    else if (this.runs.filter(this.isShown).length > 1) this.hidden.add(letter);
    this.show();
  }

  /** @param {string} coordinate */
  choose(coordinate) {
    this.coordinate = /** @type {Coordinate} */ (coordinate);
    this.show();
  }

  /** @param {boolean} enlarged */
  async enlargeFirst(enlarged) {
    const { first } = this.header;
    this.enlarged = enlarged;
    await this.show();
    this.views.resetZoom();
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

  resize() {
    if (!this.run) return;
    this.fit();
    this.views.resize();
    this.panels.resize();
    this.draw();
  }

  draw() {
    const { run, transport } = this;
    if (!run) return;
    const { position, shown } = transport;
    this.views.draw(position, shown);
    this.panels.draw(position, shown);
    if (this.ledgerDue(transport.playing)) this.ledger.draw(Math.min(shown, run.steps - 1));
    if (run.surface.moves && !this.left.classList.contains("al-off")) this.follower.draw(shown, run.surface);
    this.root.element.dataset.step = String(shown);
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
    return this.run ? stateOf(this) : {};
  }

  remove() {
    this.follower.remove();
    this.options.remove();
    this.views.remove();
    this.takeHome.remove();
  }
}
