// Which charts are shown.

import { h } from "../base/dom.js";

/** @import { Runs } from "../scenes/runs.js" */

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
