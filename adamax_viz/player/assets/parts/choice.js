// A row of buttons of which one is pressed: tabs, the coordinate of the charts, whose numbers are shown.

import { h } from "../base/dom.js";

/** @typedef {{value: string, text: string, label?: string, title?: string}} Entry of which one is chosen */

export class Choice {
  /**
   * @param {string} label for those who can't see it
   * @param {(value: string) => void} onChoose
   * @param {{tabs?: boolean, class?: string, words?: string}} [options] `tabs` for whole views, `words` in front
   */
  constructor(label, onChoose, options = {}) {
    this.onChoose = onChoose;
    this.tabs = options.tabs ?? false;
    this.words = options.words ? [h("span", { class: "al-of" }, options.words)] : [];
    const role = this.tabs ? "tablist" : "group";
    this.element = h("div", { class: `al-tabs ${options.class ?? ""}`, role, "aria-label": label });
    this.signature = "";
    /** @type {{value: string, button: HTMLElement}[]} */
    this.buttons = [];
  }

  /**
   * Offer these, the current one pressed; buttons that stay keep the focus.
   * @param {Entry[]} entries
   * @param {string} current
   */
  take(entries, current) {
    const signature = JSON.stringify(entries);
    if (signature !== this.signature) {
      this.signature = signature;
      this.buttons = entries.map((entry) => this.build(entry));
      this.element.replaceChildren(...this.words, ...this.buttons.map(({ button }) => button));
    }
    const pressed = this.tabs ? "aria-selected" : "aria-pressed";
    for (const { value, button } of this.buttons) button.setAttribute(pressed, String(value === current));
  }

  /** @param {Entry} entry */
  build({ value, text, label, title }) {
    const button = h("button", {
      type: "button",
      class: "al-tab",
      role: this.tabs ? "tab" : null,
      "aria-label": label,
      title,
      onclick: () => this.onChoose(value),
    }, text);
    return { value, button };
  }
}
