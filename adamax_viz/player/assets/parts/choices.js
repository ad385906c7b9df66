// What is chosen with buttons and boxes to tick: the view, the first steps, the coordinate, whose numbers stand below,
// and the charts.

import { h } from "../base/dom.js";
import { changes } from "../base/pace.js";

/**
 * @import { Coordinate } from "../base/charts.js"
 * @import { Attributes } from "../base/dom.js"
 * @import { Runs } from "../scenes/runs.js"
 */

const COORDINATES = { x: "x", y: "y", norm: "norm" };
const ALONE = { plane: "Landscape", space: "3-D" };
const SEVERAL = { plane: "Overlaid", apart: "Side by side", space: "3-D" };

/**
 * A row of buttons of which one is pressed.
 * @template {string} [Value=string]
 */
export class Choice {
  isNew = changes();
  /** @type {Map<string, HTMLElement>} by value */
  buttons = new Map();

  /**
   * @param {string} label for those who can't see it
   * @param {(value: Value) => void} onChoose
   * @param {{tabs?: boolean, class?: string, words?: string}} [options] `tabs` for whole views, `words` in front
   */
  constructor(label, onChoose, { tabs = false, class: name = "", words } = {}) {
    this.onChoose = onChoose;
    this.tabs = tabs;
    this.words = words ? [h("span", { class: "al-of" }, words)] : [];
    this.element = h("div", { class: `al-tabs ${name}`, role: tabs ? "tablist" : "group", "aria-label": label });
  }

  /**
   * Buttons that stay keep the focus.
   * @type {(texts: Partial<Record<Value, string>>, current: Value, more?: Record<string, Attributes>) => void} by value
   */
  take(texts, current, more = {}) {
    if (this.isNew([texts, more])) {
      this.buttons = new Map(
        Object.entries(texts).map(([value, text]) => {
          const onclick = () => this.onChoose(/** @type {Value} */ (value));
          const role = this.tabs ? "tab" : null;
          return [value, h("button", { type: "button", class: "al-tab", role, onclick, ...more[value] }, String(text))];
        }),
      );
      this.element.replaceChildren(...this.words, ...this.buttons.values());
    }
    const pressed = this.tabs ? "aria-selected" : "aria-pressed";
    for (const [value, button] of this.buttons) button.setAttribute(pressed, String(value === current));
  }
}

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

/** Which charts are shown. */
export class Chooser {
  list = h("div", { class: "al-choices" });
  element = h("details", { class: "al-chooser" }, h("summary", {}, "Charts"), this.list);

  /** @param {Runs} scene */
  take({ channel, header: { panels, choices, options } }) {
    this.element.hidden = Boolean(options.offline);
    const chosen = new Set(panels.map((panel) => panel.key));
    const choose = () => {
      const panels = boxes.filter(({ checked }) => checked).map(({ value }) => value);
      channel.request({ panels }, true);
    };
    const boxes = choices.map(({ key }) =>
      h("input", { type: "checkbox", checked: chosen.has(key), value: key, onchange: choose })
    );
    this.list.replaceChildren(...choices.map(({ title }, i) => h("label", {}, boxes[i], ` ${title}`)));
  }
}
