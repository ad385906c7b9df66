// Which charts are shown.

import { h } from "../base/dom.js";

export class Chooser {
  /** @param {(keys: string[]) => void} onChoose */
  constructor(onChoose) {
    this.onChoose = onChoose;
    this.list = h("div", { class: "al-choices" });
    this.element = h("details", { class: "al-chooser" }, h("summary", {}, "Charts"), this.list);
  }

  /** @param {{panels: {key: string}[], choices: {key: string, title: string}[], options: {offline?: boolean}}} header */
  take({ panels, choices, options }) {
    this.element.hidden = Boolean(options.offline);
    const chosen = new Set(panels.map((panel) => panel.key));
    const box = (/** @type {string} */ key) =>
      h("input", { type: "checkbox", checked: chosen.has(key), value: key, onchange: () => this.choose() });
    this.list.replaceChildren(...choices.map(({ key, title }) => h("label", {}, box(key), ` ${title}`)));
  }

  choose() {
    const checked = this.list.querySelectorAll("input:checked");
    this.onChoose([...checked].map((input) => /** @type {HTMLInputElement} */ (input).value));
  }
}
