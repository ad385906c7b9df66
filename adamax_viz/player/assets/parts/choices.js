// What is chosen above the pictures of runs: the view, the first steps, the coordinate; and whose numbers stand below.

import { h } from "../base/dom.js";
import { Choice } from "./choice.js";

/**
 * @import { Coordinate } from "../base/charts.js"
 * @import { Runs } from "../scenes/runs.js"
 */

const COORDINATES = { x: "x", y: "y", norm: "norm" };
const ALONE = { plane: "Landscape", space: "3-D" };
const SEVERAL = { plane: "Overlaid", apart: "Side by side", space: "3-D" };

export class ViewTabs {
  /** @param {Runs} scene */
  constructor(scene) {
    const choose = (/** @type {Runs["view"]} */ view) => scene.choose({ view });
    this.choice = new Choice("Landscapes", choose, { tabs: true });
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
    const choose = (/** @type {Coordinate} */ coordinate) => scene.choose({ coordinate });
    this.choice = new Choice("Coordinate in the charts", choose, { words: "charts of" });
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
    const texts = Object.fromEntries(runs.map(({ letter = "" }) => [letter, letter]));
    const more = runs.map(({ letter = "", label }) => [letter, { "aria-label": `Numbers of ${letter}`, title: label }]);
    this.choice.take(texts, run.letter ?? "", Object.fromEntries(more));
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
