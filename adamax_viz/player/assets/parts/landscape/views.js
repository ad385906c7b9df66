// The surface and its paths as the reader wants them: on one landscape, side by side, or in three dimensions.

import { h } from "../../base/dom.js";
import { embeddedSurface } from "../../take/snapshots.js";
import { inWords } from "../words.js";
import { Landscape } from "./landscape.js";
import { Space } from "./space.js";

/**
 * @import { Surface, SurfaceRun } from "../../base/types.js"
 * @import { Runs } from "../../scenes/runs.js"
 */

const ROOMY = 4; // landscapes side by side that have room for the names of their axes
const GAP = 8; // pixels between landscapes side by side
const EVERY = 350; // milliseconds between pictures of a surface that moves
const SOON = 50;

export class Views {
  /** @type {Map<string, Landscape>} a small landscape for each letter, made when they are asked for */
  apart = new Map();
  asked = -Infinity; // when a surface that moves was asked for
  later = 0; // a timer, until it is drawn again
  grid = h("div", { class: "al-multiples", hidden: true });

  /** @param {Runs} scene */
  constructor(scene) {
    this.scene = scene;
    this.landscape = new Landscape(scene);
    this.space = new Space(scene);
    this.element = h("div", { class: "al-left" }, this.landscape.element, this.grid, this.space.element);
  }

  /** @param {Runs} scene */
  take({ header, runs, several, selection: { shown, run: picked }, view, options: { guests } }) {
    const run = shown.includes(picked) ? picked : shown[0];
    this.landscape.element.hidden = view !== "plane";
    this.grid.hidden = view !== "apart";
    this.space.element.hidden = view !== "space";
    this.landscape.stage.setAttribute("aria-label", inWords(header, runs, several));
    this.landscape.take(run, [...shown.filter((other) => other !== run), ...guests]);
    if (view === "apart") this.lay(shown.map((run) => this.takeApart(run).element));
  }

  /** @param {HTMLElement[]} elements side by side; those that stay keep the pointer that drags on them, and the focus */
  lay(elements) {
    const { children } = this.grid;
    if (children.length === elements.length && elements.every((each, i) => each === children[i])) return;
    this.grid.replaceChildren(...elements);
  }

  /** @param {SurfaceRun} run */
  takeApart(run) {
    const { letter = "", label, summary } = run;
    const landscape = this.apart.get(letter) ?? new Landscape(this.scene);
    this.apart.set(letter, landscape);
    landscape.stage.setAttribute("aria-label", `${letter}, ${label}. ${summary}`);
    landscape.tight = this.scene.selection.shown.length > ROOMY;
    landscape.take(run, []);
    return landscape;
  }

  /** Draw the surface where it or its size has changed; what is out of sight waits until it is looked at. */
  async resize() {
    if (!this.element.clientWidth) return;
    if (this.scene.view === "space") await this.space.resize();
    for (const landscape of this.pictures()) await landscape.resize();
  }

  /** Begin anew, with the whole surface in sight. */
  reset() {
    for (const { graph } of this.all()) graph.reset();
  }

  all() {
    return [this.landscape, ...this.apart.values()];
  }

  /** The landscapes in sight. */
  pictures() {
    const { view, selection: { shown } } = this.scene;
    if (view === "plane") return [this.landscape];
    return view === "apart" ? shown.flatMap(({ letter = "" }) => this.apart.get(letter) ?? []) : [];
  }

  /** @type {(side: number) => void} all landscapes together are a square of this side */
  fit(side) {
    const columns = Math.max(2, Math.ceil(Math.sqrt(this.scene.selection.shown.length)));
    this.grid.style.setProperty("--columns", String(columns));
    this.grid.style.setProperty("--side", `${Math.floor((side - GAP * (columns - 1)) / columns)}px`);
  }

  /** @type {(surface: Surface) => Promise<void>} the surface as it is at another step */
  async follow(surface) {
    for (const run of this.scene.selection.shown) run.surface = surface;
    for (const landscape of this.pictures()) await landscape.resize();
  }

  /** @param {number} step at which a surface that moves is shown, or asked for as soon as Python is free */
  askFor(step) {
    const { root, channel, payload, run: { surface } } = this.scene;
    if (step === surface.t) return;
    if (payload.header.options.offline) {
      const nearest = embeddedSurface(payload, step);
      if (nearest && nearest !== surface) this.follow(nearest);
      return;
    }
    clearTimeout(this.later);
    const wait = EVERY - (performance.now() - this.asked);
    if (wait > 0 || channel.busy) {
      this.later = setTimeout(() => root.element.isConnected && root.draw(), Math.max(wait, SOON));
      return;
    }
    this.asked = performance.now();
    channel.request({ surface_step: step }, false);
  }

  resetZoom() {
    for (const { graph } of this.pictures()) graph.showAll();
  }

  /** @type {(position: number, step: number) => void} */
  draw(position, step) {
    for (const landscape of this.pictures()) landscape.draw(position, step);
    if (this.scene.view === "space") this.space.draw(position);
    if (this.scene.run.surface.moves && !this.element.classList.contains("al-off")) this.askFor(step);
  }

  remove() {
    clearTimeout(this.later);
    for (const landscape of this.all()) landscape.remove();
    this.space.remove();
  }
}
