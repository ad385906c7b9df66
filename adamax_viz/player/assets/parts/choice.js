// A row of buttons of which one is pressed: tabs, the coordinate of the charts, whose numbers are shown.

import { h } from "../base/dom.js";
import { changes } from "../base/pace.js";

/** @import { Attributes } from "../base/dom.js" */

/** @template {string} [Value=string] */
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
