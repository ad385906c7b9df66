// From Adam to Adamax: the exponent p on a slider, and what it does to accumulators, steps and path.

import { h } from "../base/dom.js";
import { clamp, format } from "../base/format.js";
import { icon } from "../base/icons.js";
import { Bars } from "../parts/norms/bars.js";
import { Paths } from "../parts/norms/paths.js";
import { accumulatorWords, formulaOf, nameOf, pathWords } from "../parts/norms/words.js";

/**
 * @import { Area, CommonHeader, Payload, Surface } from "../base/types.js"
 * @import { Rates } from "../parts/norms/norm.js"
 * @import { PathsOf } from "../parts/norms/paths.js"
 * @import { Root } from "./root.js"
 *
 * @typedef {{key: string, title: string, gradients: number[]}} Source where gradients come from
 *
 * @typedef {object} Header
 * @property {string} title
 * @property {(number | null)[]} stops values of p, null for infinity
 * @property {number} stop
 * @property {number[] | null} own gradients that somebody drew
 * @property {Rates} rates
 * @property {number[]} loss
 * @property {Source[]} sources
 * @property {Area} window
 *
 * @typedef {Payload<CommonHeader & Header>} NormsPayload
 */

const MARKS = [2, 3, 4, 8, 16, Infinity];
const NAMES = new Map([[2, "2 · Adam"], [Infinity, "∞ · Adamax"]]);
const LIMITS = new Map([[2, ": Adam with β₂²"], [Infinity, ": Adamax"]]);
const JOURNEY = 7; // seconds from p = 2 to infinity
const OWN = "own";

export class Norms {
  name = "al-norms";
  /** @type {NormsPayload} */
  payload;
  /** @type {PathsOf} */
  runs;
  /** @type {number[]} values of p */
  stops = [];
  /** @type {number | null} the place among them */
  stop = null;
  source = ""; // the key of the gradients that are shown
  /** @type {number[] | null} gradients drawn by hand */
  own = null;
  playing = false;
  began = 0; // when it began to play
  from = 0; // and at which stop
  paths = new Paths(this);
  bars = new Bars(this);
  /** @type {HTMLInputElement} */
  slider = h("input", {
    type: "range",
    min: 0,
    step: 1,
    class: "al-norm",
    "aria-label": "Exponent p",
    oninput: () => this.set(Number(this.slider.value)),
    onchange: () => this.tell(),
  });
  marks = h("div", { class: "al-normmarks" });
  output = h("output", { class: "al-normp" });
  play = h("button", { type: "button", class: "al-button al-play", onclick: () => this.toggle() });
  /** @type {HTMLSelectElement} */
  select = h("select", {
    class: "al-speed al-source",
    "aria-label": "Gradients",
    onchange: () => this.choose(this.select.value),
  });
  formula = h("p", { class: "al-normformula" });
  words = h("div", { class: "al-words" });

  /** @param {Root} root */
  constructor(root) {
    this.root = root;
    this.channel = root.channel;
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
        h("div", { class: "al-left" }, h("h3", {}, "The path"), this.paths.element),
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
          this.bars.element,
          h("h3", {}, "The step |Δ| / α"),
          this.bars.steps.element,
        ),
      ),
      this.words,
    ];
  }

  /** @type {(payload: NormsPayload, surface: Surface) => void} */
  take(payload, surface) {
    const { header: { stops, stop, loss, own }, arrays } = payload;
    const { data, columns } = arrays.paths;
    const last = stops.length - 1;
    this.payload = payload;
    this.stops = stops.map((p) => p ?? Infinity);
    this.runs = {
      stops: stops.length,
      steps: columns / 2 - 1,
      loss,
      at: (stop, k, d) => data[stop * columns + 2 * k + d],
    };
    this.paths.take(surface);
    this.slider.max = String(last);
    this.stop = clamp(this.stop ?? stop, 0, last);
    this.marks.replaceChildren(...MARKS.map((p) => this.mark(p)));
    if (own && !this.own) [this.own, this.source] = [own, OWN];
    this.choose(this.source);
  }

  /** @type {(p: number) => HTMLElement} a place to jump to, below the slider */
  mark(p) {
    const part = 1 - 2 / p;
    const onclick = () => {
      this.set(Math.round(part * (this.stops.length - 1)));
      this.tell();
    };
    const attributes = { type: "button", tabindex: -1, class: "al-normmark", style: `--part: ${part}`, onclick };
    return h("button", attributes, NAMES.get(p) ?? format(p));
  }

  /** @param {string} key of the gradients that are shown; the first where nobody knows them */
  choose(key) {
    const { sources } = this.payload.header;
    const drawn = this.own ? [{ key: OWN, title: "Drawn by hand", gradients: this.own }] : [];
    const all = [...sources, ...drawn];
    const source = all.find((each) => each.key === key) ?? all[0];
    this.select.replaceChildren(...all.map(({ key, title }) => h("option", { value: key }, title)));
    this.source = source.key;
    this.select.value = source.key;
    this.bars.take(source.gradients);
    this.draw();
  }

  /** @type {(gradients: number[], final: boolean) => void} a hand has drawn: these are shown and go into the link */
  takeDrawn(gradients, final) {
    this.own = gradients;
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
    this.draw();
  }

  tick() {
    if (!this.playing || !this.root.element.isConnected) return;
    const last = this.stops.length - 1;
    const at = this.from + ((performance.now() - this.began) / 1000 / JOURNEY) * last;
    if (Math.floor(at) !== this.stop) this.set(Math.min(Math.floor(at), last));
    if (at >= last) this.toggle();
    else requestAnimationFrame(() => this.tick());
  }

  draw() {
    const { stop, p, bars, runs, playing } = this;
    if (stop === null) return;
    const { beta_2 } = this.payload.header.rates;
    this.slider.value = String(stop);
    this.slider.setAttribute("aria-valuetext", nameOf(p) + (LIMITS.get(p) ?? ""));
    this.output.textContent = nameOf(p);
    bars.draw();
    const ends = pathWords(runs, stop);
    this.paths.draw(stop, ends);
    this.formula.innerHTML = formulaOf(p, beta_2); // MathML of our own, with numbers
    const sentences = [accumulatorWords(p, beta_2, bars.now, bars.limits[1]), ends];
    this.words.replaceChildren(...sentences.map((sentence) => h("p", {}, sentence)));
    const title = playing ? "Pause" : "Let p go to infinity";
    this.play.replaceChildren(icon(playing ? "pause" : "play"));
    this.play.title = title;
    this.play.setAttribute("aria-label", title);
    Object.assign(this.root.element.dataset, { stop, p, source: this.source });
  }

  state() {
    const { stop, source, own, playing, bars, p } = this;
    return { stop, source, drawn: own, playing, p, u: Array.from(bars.now.u) };
  }

  remove() {
    this.playing = false;
  }
}
