// From Adam to Adamax: the exponent p on a slider, and what it does to accumulators, steps and path.

import { h } from "../base/dom.js";
import { clamp, format } from "../base/format.js";
import { icon } from "../base/icons.js";
import { Bars } from "../parts/norms/bars.js";
import { Paths } from "../parts/norms/paths.js";
import { accumulatorWords, formulaOf, nameOf, pathWords } from "../parts/norms/words.js";

/**
 * @import { CommonHeader, Pair, Payload, SurfaceHeader } from "../base/types.js"
 * @import { Rates } from "../parts/norms/norm.js"
 * @import { PathsOf } from "../parts/norms/paths.js"
 * @import { Root } from "./root.js"
 *
 * @typedef {{key: string, title: string, gradients: number[]}} Source where gradients come from
 *
 * @typedef {CommonHeader & {
 *   title: string,
 *   stops: (number | null)[],
 *   stop: number,
 *   own: number[] | null,
 *   rates: Rates,
 *   loss: number[],
 *   sources: Source[],
 *   surface: SurfaceHeader,
 *   window: [Pair, Pair],
 * }} NormsHeader `stops` are values of p, null for infinity; `own` gradients that somebody drew
 */

const MARKS = [2, 3, 4, 8, 16, Infinity];
const NAMES = new Map([[2, "2 · Adam"], [Infinity, "∞ · Adamax"]]);
const LIMITS = new Map([[2, ": Adam with β₂²"], [Infinity, ": Adamax"]]);
const JOURNEY = 7; // seconds from p = 2 to infinity
const OWN = "own";

export class Norms {
  name = "al-norms";
  /** @type {Payload<NormsHeader>} */
  payload;
  /** @type {PathsOf} */
  runs;
  /** @type {number[]} values of p */
  stops = [];
  /** @type {number | null} the place among them */
  stop = null;
  /** @type {string} the key of the gradients that are shown */
  source = "";
  /** @type {number[] | null} gradients drawn by hand */
  own = null;
  playing = false;
  began = 0; // when it began to play
  from = 0; // and at which stop

  /** @param {Root} root */
  constructor(root) {
    this.root = root;
    this.channel = root.channel;
    this.paths = new Paths();
    this.bars = new Bars({ onDraw: (gradients, final) => this.takeDrawn(gradients, final) });
    /** @type {HTMLInputElement} */
    this.slider = h("input", {
      type: "range",
      min: 0,
      step: 1,
      class: "al-norm",
      "aria-label": "Exponent p",
      oninput: () => this.set(Number(this.slider.value)),
      onchange: () => this.tell(),
    });
    this.marks = h("div", { class: "al-normmarks" });
    this.output = h("output", { class: "al-normp" });
    this.play = h("button", { type: "button", class: "al-button al-play", onclick: () => this.toggle() }, icon("play"));
    /** @type {HTMLSelectElement} */
    this.select = h("select", {
      class: "al-speed al-source",
      "aria-label": "Gradients",
      onchange: () => this.choose(this.select.value),
    });
    this.formula = h("p", { class: "al-normformula" });
    this.words = h("div", { class: "al-words" });
  }

  get theme() {
    return this.root.theme;
  }

  build() {
    const legend = (/** @type {string} */ quantity, /** @type {string} */ text) =>
      h("span", { class: "al-normkey", style: `--key: var(--text-${quantity})` }, text);
    return [
      h(
        "div",
        { class: "al-normbar", role: "group", "aria-label": "From Adam to Adamax" },
        this.play,
        h("div", { class: "al-normslide" }, this.slider, this.marks),
        this.output,
      ),
      this.formula,
      h(
        "div",
        { class: "al-main" },
        h("div", { class: "al-left" }, h("h3", {}, "The path"), this.paths.stage.element),
        h(
          "div",
          { class: "al-right" },
          h("div", { class: "al-normhead" }, h("h3", {}, "The accumulator"), this.select),
          h(
            "p",
            { class: "al-normlegend" },
            legend("grad", "gradients g (draw them)"),
            legend("u", "accumulator: thick at this p, thin at both limits"),
          ),
          this.bars.stage.element,
          h("h3", {}, "The step |Δ| / α"),
          this.bars.steps.element,
        ),
      ),
      this.words,
    ];
  }

  /** @param {Payload<NormsHeader>} payload */
  take(payload) {
    this.payload = payload;
    const { header, arrays } = payload;
    const { surface, window, title, loss } = header;
    const { data, columns } = arrays.paths;
    this.stops = header.stops.map((p) => p ?? Infinity);
    this.runs = {
      stops: this.stops.length,
      steps: columns / 2 - 1,
      loss,
      at: (stop, k, d) => data[stop * columns + 2 * k + d],
    };
    this.paths.take({ surface, shade: arrays.shade.data, window, paths: this.runs, theme: this.theme, title });
    this.slider.max = String(this.stops.length - 1);
    this.stop = clamp(this.stop ?? header.stop, 0, this.stops.length - 1);
    this.marks.replaceChildren(...MARKS.map((p) => this.mark(p)));
    if (header.own && !this.own) [this.own, this.source] = [header.own, OWN];
    this.offer();
    this.choose(this.source);
  }

  /**
   * A place to jump to, below the slider.
   * @param {number} p
   */
  mark(p) {
    const part = 1 - 2 / p;
    const jump = () => {
      this.set(Math.round(part * (this.stops.length - 1)));
      this.tell();
    };
    const attributes = { type: "button", tabindex: -1, class: "al-normmark", style: `--part: ${part}`, onclick: jump };
    return h("button", attributes, NAMES.get(p) ?? format(p));
  }

  /** The gradients that one can choose. */
  offer() {
    const drawn = this.own ? [{ key: OWN, title: "Drawn by hand" }] : [];
    const entries = [...this.payload.header.sources, ...drawn];
    this.select.replaceChildren(...entries.map(({ key, title }) => h("option", { value: key }, title)));
  }

  /**
   * Show these gradients; the first where nobody knows them.
   * @param {string} key
   */
  choose(key) {
    const { sources, rates } = this.payload.header;
    const drawn = this.own ? [{ key: OWN, gradients: this.own }] : [];
    const source = [...sources, ...drawn].find((each) => each.key === key) ?? sources[0];
    this.source = source.key;
    this.select.value = source.key;
    this.bars.take(source.gradients, rates, this.theme);
    this.draw();
  }

  /**
   * A hand has drawn: from now on these are the gradients, and they go into the link.
   * @param {number[]} gradients
   * @param {boolean} final
   */
  takeDrawn(gradients, final) {
    const first = !this.own;
    this.own = gradients;
    if (first) this.offer();
    this.choose(OWN);
    if (final) this.channel.request({ g: gradients.map((value) => Number(value.toPrecision(3))).join(",") }, true);
  }

  /** @param {number} stop */
  set(stop) {
    this.stop = stop;
    this.draw();
  }

  /** The chosen p. */
  get p() {
    return this.stops[this.stop ?? 0];
  }

  /** The chosen p goes into the link. */
  tell() {
    this.channel.request({ p: this.p === Infinity ? "inf" : String(Number(this.p.toPrecision(4))) }, true);
  }

  toggle() {
    this.playing = !this.playing;
    if (this.playing) {
      const stop = this.stop ?? 0;
      this.began = performance.now();
      this.from = stop >= this.stops.length - 1 ? 0 : stop;
      requestAnimationFrame(() => this.tick());
    } else this.tell();
    this.showPlaying();
  }

  tick() {
    if (!this.playing || !this.root.element.isConnected) return;
    const last = this.stops.length - 1;
    const at = this.from + ((performance.now() - this.began) / 1000 / JOURNEY) * last;
    if (Math.floor(at) !== this.stop) this.set(Math.min(Math.floor(at), last));
    if (at >= last) this.toggle();
    else requestAnimationFrame(() => this.tick());
  }

  showPlaying() {
    const label = this.playing ? "Pause" : "Let p go to infinity";
    this.play.replaceChildren(icon(this.playing ? "pause" : "play"));
    this.play.setAttribute("aria-label", label);
    this.play.title = label;
  }

  draw() {
    const { stop, p, bars, runs } = this;
    if (stop === null || !bars.gradients) return;
    const { beta_2 } = this.payload.header.rates;
    this.slider.value = String(stop);
    this.slider.setAttribute("aria-valuetext", nameOf(p) + (LIMITS.get(p) ?? ""));
    this.output.textContent = nameOf(p);
    bars.draw(p);
    const ends = pathWords(runs, stop);
    this.paths.draw(stop, ends);
    this.formula.innerHTML = formulaOf(p, beta_2); // MathML of our own, with numbers
    const sentences = [accumulatorWords(p, beta_2, bars.now, bars.limits[1]), ends];
    this.words.replaceChildren(...sentences.map((sentence) => h("p", {}, sentence)));
    this.showPlaying();
    Object.assign(this.root.element.dataset, { stop, p, source: this.source });
  }

  resize() {
    this.draw();
  }

  state() {
    const { stop, source, own, playing, bars, p } = this;
    return { stop, source, drawn: own, playing, p, u: Array.from(bars.now.u) };
  }

  remove() {
    this.playing = false;
  }
}
