// The surface and its paths as the reader wants them: on one landscape, side by side, or in three dimensions.

import { h } from "../../base/dom.js";
import { Choice } from "../choice.js";
import { Landscape } from "./landscape.js";
import { Space } from "./space.js";

/**
 * @import { Pair, Path, Surface, SurfaceRun, Theme } from "../../base/types.js"
 * @typedef {object} Paths
 * @property {import("../../base/plotly.js").Plotly} Plotly
 * @property {SurfaceRun[]} runs those that are shown
 * @property {SurfaceRun} run the one whose arrows are drawn
 * @property {boolean} several whether they are shown with letters
 * @property {Pair} start
 * @property {[Pair, Pair]} window what is in sight at first
 * @property {Theme} theme
 */

const ROOMY = 4; // landscapes side by side that have room for the names of their axes
const GAP = 8; // pixels between landscapes side by side
const PLANE = { value: "plane", text: "Landscape" };
const OVERLAID = { value: "plane", text: "Overlaid" };
const APART = { value: "apart", text: "Side by side" };
const SPACE = { value: "space", text: "3-D" };

export class Views {
  /** @type {Paths} */
  paths;

  /**
   * @param {import("./landscape.js").Hands} hands
   * @param {() => void} onChange when another view was chosen
   */
  constructor(hands, onChange) {
    this.hands = hands;
    this.current = "plane";
    this.landscape = new Landscape(hands);
    /** @type {Map<string, Landscape>} a small landscape for each letter, made when they are asked for */
    this.apart = new Map();
    this.space = new Space();
    this.grid = h("div", { class: "al-multiples", hidden: true });
    this.tabs = new Choice("Landscapes", (value) => {
      this.current = value;
      onChange();
    }, { tabs: true });
    this.element = h("div", { class: "al-left" }, this.landscape.element, this.grid, this.space.element);
    /** @type {Path[]} paths of others that a page puts beside the run */
    this.guests = [];
  }

  /**
   * Take runs, without drawing their surface yet.
   * @param {Paths} paths
   */
  hold(paths) {
    this.paths = paths;
    const { several } = paths;
    if (!several && this.current === "apart") this.current = "plane";
    this.tabs.take(several ? [OVERLAID, APART, SPACE] : [PLANE, SPACE], this.current);
    this.landscape.element.hidden = this.current !== "plane";
    this.grid.hidden = this.current !== "apart";
    this.space.element.hidden = this.current !== "space";
    this.landscape.hold(this.overlaid());
  }

  /** Draw the surface where it has changed; what is out of sight waits until it is looked at. */
  async take() {
    if (!this.element.clientWidth) return;
    if (this.current === "apart") await this.takeApart();
    else if (this.current === "space") await this.space.take(this.paths);
    else {
      await this.landscape.take(this.overlaid());
      this.landscape.resize();
    }
  }

  /** All on one landscape: the run in hand with its arrows, the others and the page's guests beside it. */
  overlaid() {
    const { runs, run } = this.paths;
    const first = runs.includes(run) ? run : (runs[0] ?? run);
    return { ...this.paths, run: first, beside: [...runs.filter((other) => other !== first), ...this.guests] };
  }

  async takeApart() {
    const { runs } = this.paths;
    this.grid.replaceChildren(...runs.map((run) => this.landscapeOf(run).element));
    for (const run of runs) {
      const landscape = this.landscapeOf(run);
      landscape.stage.setAttribute("aria-label", `${run.letter}, ${run.label}. ${run.summary}`);
      landscape.tight = runs.length > ROOMY;
      await landscape.take({ ...this.paths, run });
      landscape.resize();
    }
  }

  /**
   * The small landscape of a run.
   * @param {SurfaceRun} run
   */
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
    if (this.current === "space" || !this.paths) return [];
    return this.current === "plane"
      ? [this.landscape]
      : this.paths.runs.flatMap(({ letter = "" }) => this.apart.get(letter) ?? []);
  }

  /**
   * All landscapes together are a square of this side.
   * @param {number} side
   */
  fit(side) {
    const columns = Math.max(2, Math.ceil(Math.sqrt(this.paths?.runs.length ?? 1)));
    this.grid.style.setProperty("--columns", String(columns));
    this.grid.style.setProperty("--side", `${Math.floor((side - GAP * (columns - 1)) / columns)}px`);
  }

  /**
   * The surface as it is at another step.
   * @param {Surface} surface
   */
  async follow(surface) {
    for (const run of this.paths.runs) run.surface = surface;
    for (const landscape of this.pictures()) await landscape.follow(surface);
  }

  resize() {
    for (const landscape of this.pictures()) landscape.resize();
  }

  resetZoom() {
    for (const landscape of this.pictures()) landscape.resetZoom();
  }

  /**
   * @param {number} position
   * @param {number} step
   */
  draw(position, step) {
    for (const landscape of this.pictures()) landscape.draw(position, step);
    if (this.current === "space") this.space.draw(position);
  }

  remove() {
    for (const landscape of this.all()) landscape.remove();
    this.space.remove();
  }
}
