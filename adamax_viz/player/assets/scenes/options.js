// What a page asks of the player: which parts it shows, what it points at, where it starts, a prediction, presenting.

import { between, quantityOf } from "../base/run.js";
import { Ask, isOpen } from "../parts/ask.js";

/**
 * @import { ArrayOf, Options, Path } from "../base/types.js"
 * @import { Runs } from "./runs.js"
 */

const PLAYED_IN = 2.5; // seconds from a prediction to its outcome
const WATCHED_IN = 8; // seconds that a scene's run takes when it is played
const BOLD = { landscape: 1.8, panels: 1.4 }; // how much larger lines are on a projector

export class PageOptions {
  /** @type {Options} */
  options = {};
  /** @type {Options} those before */
  last = {};
  begun = false;

  /** @param {Runs} scene */
  constructor(scene) {
    this.scene = scene;
    const { root, panels, landscape, rows } = scene;
    this.across = panels.across;
    this.ask = new Ask(landscape);
    /** @type {Record<string, HTMLElement[]>} elements by the names that pages know */
    this.named = { knobs: [root.knobs.element, root.knobs.note], transport: [root.transport.element] };
    for (const { page, made } of rows) if (page) (this.named[page] ??= []).push(made.element);
  }

  /** Whether a prediction waits for its answer. */
  get asking() {
    return isOpen(this.options.ask);
  }

  /** How the page wants landscapes: nothing told beforehand, with the path to come or without, bold or not. */
  get look() {
    const { future = true, present } = this.options;
    return { concealed: this.asking, future: future && !this.asking, bold: present ? BOLD.landscape : 1 };
  }

  /** @param {Options} options */
  take(options) {
    this.last = this.options;
    this.options = options;
    this.arrange(options);
    this.point(options.highlight);
    const { panels, header } = this.scene;
    Object.assign(panels, { concealed: this.asking, bold: options.present ? BOLD.panels : 1 });
    const single = options.scene && (this.isShown("landscape") || header.panels.length === 1);
    panels.across = single ? () => 1 : this.across;
  }

  /** @param {string} name */
  isShown(name) {
    return this.options.show?.includes(name) ?? true;
  }

  /** @type {(options: Options) => void} which parts are there, and how they lie */
  arrange({ scene, present }) {
    for (const [name, elements] of Object.entries(this.named)) {
      for (const element of elements) element.classList.toggle("al-off", !this.isShown(name));
    }
    this.scene.bar.classList.toggle("al-off", !this.isShown("tabs") && !this.isShown("chooser"));
    const told = (/** @type {unknown} */ value) => (value ? "true" : "");
    const { dataset } = this.scene.root.element;
    dataset.layout = this.layout();
    dataset.scene = told(scene);
    dataset.present = told(present);
    dataset.asking = told(this.asking);
  }

  layout() {
    const [landscape, panels, ledger] = ["landscape", "panels", "ledger"].map((name) => this.isShown(name));
    if (panels) return landscape ? "" : "panels";
    return ledger && landscape ? "ledger" : "landscape";
  }

  /** @returns {Path[]} paths of other runs, as the landscape draws them */
  get guests() {
    const { arrays } = this.scene.payload;
    const beside = this.options.beside ?? [];
    return beside.map(({ array, label }, i) => ({ ...path(arrays[array]), label, letter: "BCD"[i], variant: i + 1 }));
  }

  /** @type {(name?: string | null) => void} the thing that the words speak of stands out */
  point(name) {
    const { root, landscape } = this.scene;
    for (const pointed of root.element.querySelectorAll(".al-pointed")) pointed.classList.remove("al-pointed");
    if (!name) return;
    const knob = root.element.querySelector(`[data-knob="${CSS.escape(name)}"]`);
    const part = name === "start" ? landscape.start.element : knob ?? this.named[name]?.[0];
    part?.classList.add("al-pointed");
  }

  /** A new scene begins at its step; an answer lets the run go on from there. */
  move() {
    const { options: { scene, ask = null }, last, asking } = this;
    const { transport, views, landscape } = this.scene;
    this.ask.take(ask);
    if (!scene) return;
    const until = scene.until ?? transport.steps;
    const answered = ask !== null && !asking;
    if (scene.key !== last.scene?.key) {
      views.reset();
      landscape.chips.choose(scene.arrows ?? null);
      transport.pause();
      transport.paceFor(WATCHED_IN);
      transport.jump(answered ? until : scene.step ?? 0);
    } else if (answered && isOpen(last.ask)) transport.playTo(until, PLAYED_IN);
  }

  /** @type {(options: Options) => void} once: `step` is where to begin, `autoplay` how fast to play, round and round */
  begin({ step = null, autoplay = 0 }) {
    if (this.begun) return;
    this.begun = true;
    const { transport } = this.scene;
    if (step !== null) transport.jump(step);
    if (autoplay && !window.matchMedia("(prefers-reduced-motion: reduce)").matches) transport.loopAt(autoplay);
  }

  /** @type {(event: KeyboardEvent) => boolean} whether a key was the page's */
  key(event) {
    return this.scene.parts.present.key(event, this.asking) || this.asking;
  }
}

/** @type {(weights: ArrayOf) => Path} weights alone as a run that the landscape can draw */
function path(weights) {
  const steps = weights.data.length / weights.columns - 1;
  return { theta: quantityOf(weights), steps, between: (values, position) => between(values, position, steps) };
}
