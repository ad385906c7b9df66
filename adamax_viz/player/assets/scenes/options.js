// What a page asks of the player: which parts it shows, what it points at, where it starts, a prediction, presenting.

import { between } from "../base/run.js";
import { Ask } from "../parts/ask.js";
import { Present } from "../parts/present.js";

/** @import { ArrayOf, Options, Path, Quantity } from "../base/types.js" */

const PLAYED_IN = 2.5; // seconds from a prediction to its outcome
const WATCHED_IN = 8; // seconds that a scene's run takes when it is played
const BOLD = { landscape: 1.8, panels: 1.4 }; // how much larger lines are on a projector

export class PageOptions {
  /** @param {import("./runs.js").Runs} scene */
  constructor(scene) {
    this.scene = scene;
    const { root, panels, landscape, bar, left, right } = scene;
    /** @type {Options} */
    this.options = {};
    this.asking = false;
    this.begun = false;
    this.across = panels.across;
    this.ask = new Ask(landscape, (point) => root.channel.request({ answer: point }, true));
    this.present = new Present(root);
    /** @type {Record<string, HTMLElement[]>} by the names that pages know */
    this.parts = {
      knobs: [root.knobs.element, root.knobs.note],
      tabs: [scene.views.tabs.element],
      chooser: [scene.chooser.element],
      landscape: [left],
      panels: [right],
      transport: [root.transport.element],
      words: [scene.words.element],
      ledger: [scene.ledger.element, scene.pickers.element],
    };
    this.bar = bar;
  }

  /** Where a prediction's cross stands. */
  get guess() {
    return this.ask.at;
  }

  /**
   * Take the options of a payload.
   * @param {Options} options
   */
  take(options) {
    const last = this.options;
    this.options = options;
    this.asking = isOpen(options.ask);
    this.arrange(options);
    this.point(options.highlight);
    const { views, panels, header } = this.scene;
    views.guests = this.guests(options.beside ?? []);
    for (const landscape of views.all()) {
      landscape.look({
        concealed: this.asking,
        future: options.future ?? true,
        bold: options.present ? BOLD.landscape : 1,
      });
    }
    Object.assign(panels, { concealed: this.asking, bold: options.present ? BOLD.panels : 1 });
    const single = options.scene && (this.isShown("landscape") || header.panels.length === 1);
    panels.across = single ? () => 1 : this.across;
    views.hold(views.paths);
    this.ask.take(options.ask ?? null);
    this.present.take(options);
    this.move(last);
  }

  /** @param {string} name */
  isShown(name) {
    const { show } = this.options;
    return !show || show.includes(name);
  }

  /**
   * Which parts are there, and how they lie.
   * @param {Options} options
   */
  arrange({ scene, present }) {
    for (const [name, elements] of Object.entries(this.parts)) {
      for (const element of elements) element.classList.toggle("al-off", !this.isShown(name));
    }
    this.bar.classList.toggle("al-off", !this.isShown("tabs") && !this.isShown("chooser"));
    const { dataset } = this.scene.root.element;
    dataset.layout = this.layout();
    dataset.scene = scene ? "true" : "";
    dataset.present = present ? "true" : "";
    dataset.asking = this.asking ? "true" : "";
  }

  layout() {
    const [landscape, panels, ledger] = ["landscape", "panels", "ledger"].map((name) => this.isShown(name));
    if (panels) return landscape ? "" : "panels";
    return ledger && landscape ? "ledger" : "landscape";
  }

  /**
   * Paths of other runs, as the landscape draws them.
   * @param {{array: string, label: string}[]} beside
   * @returns {Path[]}
   */
  guests(beside) {
    const { arrays } = this.scene.payload;
    return beside.map(({ array, label }, i) => ({
      ...path(arrays[array]),
      label,
      letter: "BCD"[i],
      variant: i + 1,
    }));
  }

  /**
   * The thing that the words speak of stands out.
   * @param {string | null} [name]
   */
  point(name) {
    const { element } = this.scene.root;
    for (const pointed of element.querySelectorAll(".al-pointed")) pointed.classList.remove("al-pointed");
    if (!name) return;
    const knob = element.querySelector(`[data-knob="${CSS.escape(name)}"]`);
    const [part] = name === "start" ? [this.scene.landscape.start.element] : knob ? [knob] : (this.parts[name] ?? []);
    part?.classList.add("al-pointed");
  }

  /**
   * A new scene begins at its step; an answer lets the run go on from there.
   * @param {Options} last the options before
   */
  move(last) {
    const { scene } = this.options;
    if (!scene) return;
    const { transport, views, landscape } = this.scene;
    const until = scene.until ?? transport.steps;
    const answered = Boolean(this.options.ask) && !this.asking;
    if (scene.key !== last.scene?.key) {
      views.reset();
      landscape.chips.choose(scene.arrows ?? null);
      transport.pause();
      transport.paceFor(WATCHED_IN);
      transport.jump(answered ? until : scene.step ?? 0);
    } else if (answered && isOpen(last.ask)) transport.playTo(until, PLAYED_IN);
  }

  /**
   * Once, with the first picture: `step` is where to begin, `autoplay` how fast to play, round and round.
   * @param {Options} options
   */
  begin({ step = null, autoplay = 0 }) {
    if (this.begun) return;
    this.begun = true;
    const { transport } = this.scene;
    if (step !== null) transport.jump(step);
    if (autoplay && !window.matchMedia("(prefers-reduced-motion: reduce)").matches) transport.loopAt(autoplay);
  }

  /**
   * Whether a key was the page's.
   * @param {KeyboardEvent} event
   */
  key(event) {
    return this.present.key(event, this.asking) || this.asking;
  }

  remove() {
    this.present.remove();
  }
}

/**
 * Whether a prediction waits for its answer.
 * @param {Options["ask"]} ask
 */
function isOpen(ask) {
  return Boolean(ask) && ask?.answer === undefined;
}

/**
 * Weights alone as a run that the landscape can draw.
 * @param {ArrayOf} weights
 * @returns {Path}
 */
function path({ data, columns }) {
  /** @type {Quantity} */
  const theta = (k, d = 0) => data[k * columns + d];
  const steps = data.length / columns - 1;
  return { theta, steps, between: (values, position) => between(values, position, steps) };
}
