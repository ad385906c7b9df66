// The surface and its paths as the reader wants them: on one landscape, side by side, or in three dimensions.

import { h } from "../../base/dom.js";
import { inWords } from "../words.js";
import { Follower } from "./following.js";
import { Landscape } from "./landscape.js";
import { Space } from "./space.js";

/**
 * @import { Surface, SurfaceRun } from "../../base/types.js"
 * @import { Runs } from "../../scenes/runs.js"
 * @import { Taken } from "./landscape.js"
 */

const ROOMY = 4; // landscapes side by side that have room for the names of their axes
const GAP = 8; // pixels between landscapes side by side

export class Views {
  /** @type {Taken} what the one landscape shows */
  taken;
  /** @type {SurfaceRun[]} those that are not hidden */
  runs = [];
  /** @type {Map<string, Landscape>} a small landscape for each letter, made when they are asked for */
  apart = new Map();
  space = new Space();
  grid = h("div", { class: "al-multiples", hidden: true });

  /** @param {Runs} scene */
  constructor(scene) {
    const { root, channel, transport } = scene;
    this.scene = scene;
    this.hands = {
      onStart: (/** @type {[number, number]} */ start, /** @type {boolean} */ final) =>
        channel.request({ start }, final),
      onJump: (/** @type {number} */ step) => transport.jump(step),
      onRedraw: () => root.draw(),
    };
    this.landscape = new Landscape(this.hands);
    this.follower = new Follower(root, (surface) => this.follow(surface));
    this.element = h("div", { class: "al-left" }, this.landscape.element, this.grid, this.space.element);
  }

  /** @param {Runs} scene */
  take({ root, header, runs, several, selection, view, window, theme, options: { look, guests } }) {
    this.runs = selection.shown;
    const run = this.runs.includes(selection.run) ? selection.run : this.runs[0];
    const beside = [...this.runs.filter((other) => other !== run), ...guests];
    const locked = root.isLocked("start");
    this.taken = { run, beside, start: header.start, window, theme, look, locked };
    this.landscape.element.hidden = view !== "plane";
    this.grid.hidden = view !== "apart";
    this.space.element.hidden = view !== "space";
    this.landscape.stage.setAttribute("aria-label", inWords(header, runs, several));
    this.landscape.hold(this.taken);
  }

  /** Draw the surface where it or its size has changed; what is out of sight waits until it is looked at. */
  async resize() {
    if (!this.element.clientWidth) return;
    if (this.scene.view === "space") await this.space.take({ ...this.taken, runs: this.runs });
    else if (this.scene.view === "plane") await this.landscape.take(this.taken);
    else await this.takeApart();
    for (const landscape of this.pictures()) landscape.resize();
  }

  async takeApart() {
    const { runs } = this;
    this.grid.replaceChildren(...runs.map((run) => this.landscapeOf(run).element));
    for (const run of runs) {
      const landscape = this.landscapeOf(run);
      landscape.stage.setAttribute("aria-label", `${run.letter}, ${run.label}. ${run.summary}`);
      landscape.tight = runs.length > ROOMY;
      await landscape.take({ ...this.taken, run, beside: [] });
    }
  }

  /** @param {SurfaceRun} run */
  landscapeOf({ letter = "" }) {
    const landscape = this.apart.get(letter) ?? new Landscape(this.hands);
    this.apart.set(letter, landscape);
    return landscape;
  }

  /** Begin anew, with the whole surface in sight. */
  reset() {
    for (const landscape of this.all()) landscape.reset();
  }

  all() {
    return [this.landscape, ...this.apart.values()];
  }

  /** The landscapes in sight. */
  pictures() {
    const { view } = this.scene;
    if (view === "plane") return [this.landscape];
    return view === "apart" ? this.runs.flatMap(({ letter = "" }) => this.apart.get(letter) ?? []) : [];
  }

  /** @type {(side: number) => void} all landscapes together are a square of this side */
  fit(side) {
    const columns = Math.max(2, Math.ceil(Math.sqrt(this.runs.length)));
    this.grid.style.setProperty("--columns", String(columns));
    this.grid.style.setProperty("--side", `${Math.floor((side - GAP * (columns - 1)) / columns)}px`);
  }

  /** @type {(surface: Surface) => Promise<void>} the surface as it is at another step */
  async follow(surface) {
    for (const run of this.runs) run.surface = surface;
    for (const landscape of this.pictures()) await landscape.follow(surface);
  }

  resetZoom() {
    for (const landscape of this.pictures()) landscape.resetZoom();
  }

  /** @type {(position: number, step: number) => void} */
  draw(position, step) {
    for (const landscape of this.pictures()) landscape.draw(position, step);
    if (this.scene.view === "space") this.space.draw(position);
    const { surface } = this.scene.run;
    if (surface.moves && !this.element.classList.contains("al-off")) this.follower.draw(step, surface);
  }

  remove() {
    this.follower.remove();
    for (const landscape of this.all()) landscape.remove();
    this.space.remove();
  }
}
