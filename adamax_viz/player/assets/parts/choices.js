// What is chosen above the pictures of runs: the view, the first steps, the coordinate; and whose numbers stand below.

import { h } from "../base/dom.js";
import { Choice } from "./choice.js";

/**
 * @import { Coordinate } from "../base/charts.js"
 * @import { Runs } from "../scenes/runs.js"
 * @import { Entry } from "./choice.js"
 */

/** @type {Entry<Coordinate>[]} */
const COORDINATES = [{ value: "x", text: "x" }, { value: "y", text: "y" }, { value: "norm", text: "norm" }];
/** @type {Entry<Runs["view"]>[]} */
const ALONE = [{ value: "plane", text: "Landscape" }, { value: "space", text: "3-D" }];
/** @type {Entry<Runs["view"]>[]} */
const SEVERAL = [
  { value: "plane", text: "Overlaid" },
  { value: "apart", text: "Side by side" },
  { value: "space", text: "3-D" },
];

export class ViewTabs {
  /** @param {Runs} scene */
  constructor(scene) {
    /** @type {Choice<Runs["view"]>} */
    this.choice = new Choice("Landscapes", (view) => scene.choose({ view }), { tabs: true });
    this.element = this.choice.element;
  }

  /** @param {Runs} scene */
  take({ several, view }) {
    this.choice.take(several ? SEVERAL : ALONE, view);
  }
}

export class Coordinates {
  /** @param {Runs} scene */
  constructor(scene) {
    const words = "charts of";
    /** @type {Choice<Coordinate>} */
    this.choice = new Choice("Coordinate in the charts", (coordinate) => scene.choose({ coordinate }), { words });
    this.element = this.choice.element;
  }

  /** @param {Runs} scene */
  take({ coordinate }) {
    this.choice.take(COORDINATES, coordinate);
  }
}

export class Pickers {
  /** @param {Runs} scene */
  constructor(scene) {
    this.choice = new Choice("Numbers of", (letter) => scene.pick(letter), { class: "al-pickers" });
    this.element = this.choice.element;
  }

  /** @param {Runs} scene */
  take({ runs, run }) {
    const picker = ({ letter = "", label = "" }) => ({
      value: letter,
      text: letter,
      label: `Numbers of ${letter}`,
      title: label,
    });
    this.choice.take(runs.map(picker), run.letter ?? "");
  }
}

export class Enlarge {
  /** @param {Runs} scene */
  constructor(scene) {
    this.element = h("button", { type: "button", class: "al-tab", onclick: () => scene.enlargeFirst() });
  }

  /** @param {Runs} scene */
  take({ header: { first }, enlarged }) {
    this.element.hidden = first === null;
    this.element.textContent = `First ${first} steps`;
    this.element.setAttribute("aria-pressed", String(enlarged));
  }
}
