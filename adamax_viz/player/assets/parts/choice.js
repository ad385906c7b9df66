// A row of buttons of which one is pressed: tabs, the coordinate of the charts, whose numbers are shown.

import { h } from "../base/dom.js";
import { changes } from "../base/pace.js";

/**
 * @template [Value=string]
 * @typedef {{value: Value, text: string, label?: string, title?: string}} Entry of which one is chosen
 */

/** @template {string} [Value=string] */
export class Choice {
  isNew = changes();
  /** @type {{value: Value, button: HTMLElement}[]} */
  buttons = [];

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

  /** @type {(entries: Entry<Value>[], current: Value) => void} buttons that stay keep the focus */
  take(entries, current) {
    if (this.isNew(entries)) {
      this.buttons = entries.map((entry) => ({ value: entry.value, button: this.build(entry) }));
      this.element.replaceChildren(...this.words, ...this.buttons.map(({ button }) => button));
    }
    const pressed = this.tabs ? "aria-selected" : "aria-pressed";
    for (const { value, button } of this.buttons) button.setAttribute(pressed, String(value === current));
  }

  /** @param {Entry<Value>} entry */
  build({ value, text, label, title }) {
    const role = this.tabs ? "tab" : null;
    const onclick = () => this.onChoose(value);
    return h("button", { type: "button", class: "al-tab", role, "aria-label": label, title, onclick }, text);
  }
}
