// From Adam to Adamax: the exponent p on a slider, and what it does to accumulators, steps and path.

import { Bars } from "../parts/norms/bars.js";
import { clamp, format, h } from "../base/dom.js";
import { icon } from "../base/icons.js";
import { entering } from "../parts/norms/norm.js";
import { endOf, Paths } from "../parts/norms/paths.js";

const MARKS = [2, 3, 4, 8, 16, Infinity];
const NAMES = { 2: "2 · Adam", Infinity: "∞ · Adamax" };
const JOURNEY = 7; // seconds from p = 2 to infinity
const OWN = "own";

const sub = (base, index) => `<msub>${base}<mi>${index}</mi></msub>`;
const math = (body) => `<math>${body}</math> `;
const U = '<mi data-q="u">u</mi>';
const T1 = "t−1";
const BETA = sub("<mi>β</mi>", "2");
const SIZE = `<mo>|</mo>${sub('<mi data-q="grad">g</mi>', "t")}<mo>|</mo>`;

export class Norms {
  name = "al-norms";

  /** @param {import("./root.js").Root} root */
  constructor(root) {
    this.root = root;
    this.channel = root.channel;
    this.paths = new Paths();
    this.bars = new Bars({ onDraw: (gradients, final) => this.drawn(gradients, final) });
    this.stop = null;
    this.source = null;
  }

  get theme() {
    return this.root.theme;
  }

  build() {
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
    this.select = h("select", {
      class: "al-speed al-source",
      "aria-label": "Gradients",
      onchange: () => this.choose(this.select.value),
    });
    this.formula = h("p", { class: "al-normformula" });
    this.words = h("div", { class: "al-words" });
    const legend = (quantity, text) =>
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

  take(payload) {
    this.payload = payload;
    const { header, arrays } = payload;
    this.stops = header.stops.map((p) => p ?? Infinity);
    const { data: flat, columns } = arrays.paths;
    const runs = {
      stops: this.stops.length,
      steps: columns / 2 - 1,
      loss: header.loss,
      at: (stop, k, d) => flat[stop * columns + 2 * k + d],
    };
    const { surface, window, title } = header;
    this.paths.take({ surface, shade: arrays.shade.data, window, paths: runs, theme: this.theme, title });
    this.slider.max = this.stops.length - 1;
    this.stop = clamp(this.stop ?? header.stop, 0, this.stops.length - 1);
    this.placeMarks();
    if (header.own && !this.own) [this.own, this.source] = [header.own, OWN];
    this.offer(header.sources);
    this.choose(this.source ?? header.sources[0].key);
  }

  placeMarks() {
    const mark = (p) => {
      const part = 1 - 2 / p;
      const button = h("button", {
        type: "button",
        tabindex: -1,
        class: "al-normmark",
        style: `--part: ${part}`,
        onclick: () => this.jump(part),
      }, NAMES[p] ?? format(p));
      return button;
    };
    this.marks.replaceChildren(...MARKS.map(mark));
  }

  jump(part) {
    this.set(Math.round(part * (this.stops.length - 1)));
    this.tell();
  }

  offer(sources) {
    this.sources = sources;
    const options = sources.map(({ key, title }) => h("option", { value: key }, title));
    if (this.own) options.push(h("option", { value: OWN }, "Drawn by hand"));
    this.select.replaceChildren(...options);
  }

  choose(key) {
    const found = this.sources.find((source) => source.key === key);
    this.source = found || (key === OWN && this.own) ? key : this.sources[0].key;
    this.select.value = this.source;
    const gradients = this.source === OWN ? this.own : this.sources.find((one) => one.key === this.source).gradients;
    this.bars.take(gradients, this.payload.header.rates, this.theme);
    this.draw();
  }

  /** A hand has drawn: from now on these are the gradients, and they go into the link. */
  drawn(gradients, final) {
    const first = !this.own;
    this.own = gradients;
    if (first) this.offer(this.sources);
    this.choose(OWN);
    if (final) this.channel.request({ g: gradients.map((value) => Number(value.toPrecision(3))).join(",") }, true);
  }

  set(stop) {
    this.stop = stop;
    this.draw();
  }

  /** The chosen p goes into the link. */
  tell() {
    const p = this.stops[this.stop];
    this.channel.request({ p: p === Infinity ? "inf" : String(Number(p.toPrecision(4))) }, true);
  }

  toggle() {
    this.playing = !this.playing;
    if (this.playing) {
      this.began = performance.now();
      this.from = this.stop >= this.stops.length - 1 ? 0 : this.stop;
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
    if (!this.payload || this.stop === null || !this.bars.gradients) return;
    const p = this.stops[this.stop];
    const text = p === Infinity ? "p = ∞" : `p = ${format(p, 3)}`;
    const limit = { 2: ": Adam with β₂²", Infinity: ": Adamax" }[p] ?? "";
    this.slider.value = this.stop;
    this.slider.setAttribute("aria-valuetext", text + limit);
    this.output.textContent = text;
    this.bars.draw(p);
    const sentences = this.sentences(p, text);
    this.paths.draw(this.stop, sentences.at(-1));
    this.formula.innerHTML = this.formulaOf(p); // MathML of our own, with numbers
    this.words.replaceChildren(...sentences.map((sentence) => h("p", {}, sentence)));
    this.showPlaying();
    const { dataset } = this.root.element;
    Object.assign(dataset, { stop: this.stop, p, source: this.source });
  }

  /** The recursion with this p's numbers beside it, as MathML. */
  formulaOf(p) {
    const { beta_2 } = this.payload.header.rates;
    if (p === Infinity) {
      return math(`${sub(U, "t")}<mo>=</mo><mi>max</mi><mo>(</mo>${BETA}${sub(U, T1)}<mo>,</mo>${SIZE}<mo>)</mo>`);
    }
    const [faded, rest] = [beta_2 ** p, 1 - beta_2 ** p].map((value) => `<mn>${format(value, 3)}</mn>`);
    const root = (body) => `<msup>${body}<mrow><mn>1</mn><mo>/</mo><mi>p</mi></mrow></msup>`;
    const power = "<msubsup><mi>β</mi><mn>2</mn><mi>p</mi></msubsup>";
    const inside = `<mo>(</mo>${power}${
      sub("<mi>v</mi>", T1)
    }<mo>+</mo><mo>(</mo><mn>1</mn><mo>−</mo>${power}<mo>)</mo><msup><mrow>${SIZE}</mrow><mi>p</mi></msup><mo>)</mo>`;
    const numbers = `${power}<mo>=</mo>${faded}<mspace width="1em"/><mn>1</mn><mo>−</mo>${power}<mo>=</mo>${rest}`;
    return math(
      `<msubsup><mi data-q="u">v</mi><mi>t</mi><mrow><mn>1</mn><mo>/</mo><mi>p</mi></mrow></msubsup><mo>=</mo>${
        root(`<mrow>${inside}</mrow>`)
      }`,
    ) + math(numbers);
  }

  sentences(p, text) {
    const { beta_2 } = this.payload.header.rates;
    const { now, limits } = this.bars;
    let [gap, at] = [0, 0];
    now.u.forEach((value, k) => {
      const apart = Math.abs(value - limits[1].u[k]) / (limits[1].u[k] || 1);
      if (apart > gap) [gap, at] = [apart, k];
    });
    const share = format(100 * entering(p, beta_2), 3);
    const distance = gap < 1e-12
      ? "On these gradients the accumulator is the max, step by step."
      : `On these gradients the accumulator is up to ${format(100 * gap, 2)} % away from the max, at step ${at}.`;
    const last = this.stops.length - 1;
    const { paths } = this.paths;
    return [
      `At ${text} a gradient alone enters with ${share} % of its size. ${distance}`,
      `On the surface, ${paths.steps} steps end at ${endOf(paths, this.stop)}; with p = 2 at ${
        endOf(paths, 0)
      }; with p = ∞ at ${endOf(paths, last)}.`,
    ];
  }

  resize() {
    this.draw();
  }

  state() {
    const { stop, source, own, playing = false, bars } = this;
    return { stop, source, drawn: own ?? null, playing, p: this.stops?.[stop], u: Array.from(bars.now?.u ?? []) };
  }

  remove() {
    this.playing = false;
  }
}
