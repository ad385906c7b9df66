// On a projector: next and previous scene by keyboard or clicker, full screen, and a way out.

import { elementOf, h } from "../base/dom.js";
import { icon } from "../base/icons.js";

/** @import { Options } from "../base/types.js" */

export class Present {
  /** @param {import("../scenes/root.js").Root} root */
  constructor(root) {
    this.root = root;
    this.on = false;
    /** @type {Options["scene"] | null} */
    this.scene = null;
    /**
     * @param {string} label
     * @param {Parameters<typeof icon>[0]} shape
     * @param {() => void} action
     */
    const button = (label, shape, action) =>
      h(
        "button",
        { type: "button", class: "al-button", "aria-label": label, title: label, onclick: action },
        icon(shape),
      );
    this.previous = button("Previous scene (Page Up)", "back", () => this.go(-1));
    this.next = button("Next scene (Page Down)", "forward", () => this.go(1));
    this.count = h("span", { class: "al-count" });
    this.scenes = h("span", { class: "al-scenes" }, this.previous, this.count, this.next);
    this.element = h(
      "div",
      { class: "al-presenter al-off", role: "group", "aria-label": "Presenting" },
      this.scenes,
      button("Full screen (F)", "full", () => this.fullScreen()),
      button("Stop presenting (Escape)", "close", () => this.leave()),
    );
  }

  /** @param {Options} options */
  take({ present, scene }) {
    this.on = Boolean(present);
    this.scene = scene ?? null;
    this.element.classList.toggle("al-off", !this.on);
    this.scenes.classList.toggle("al-off", !this.scene);
    if (!scene) return;
    const { at = 1, of = 1 } = scene;
    this.count.textContent = `${at} / ${of}`;
    this.previous.disabled = at <= 1;
    this.next.disabled = at >= of;
  }

  /** @param {number} by */
  go(by) {
    const { at = 1, of = 0 } = this.scene ?? {};
    const wanted = at + by;
    if (wanted >= 1 && wanted <= of) this.root.channel.request({ scene: wanted }, true);
  }

  fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.();
  }

  leave() {
    if (document.fullscreenElement) document.exitFullscreen();
    this.root.channel.request({ present: false }, true);
  }

  /**
   * Page keys always turn scenes; left and right do where there is nothing to step through.
   * @param {KeyboardEvent} event
   * @param {boolean} arrowsFree
   */
  key(event, arrowsFree) {
    if (!this.on || event.altKey || event.ctrlKey || event.metaKey) return false;
    const target = elementOf(event);
    if (target?.closest("input[type=text], textarea, [contenteditable]")) return false;
    // A clicker's keys always turn scenes, whatever has the focus; the others only where nothing else wants them.
    const wanted = event.defaultPrevented ||
      target?.closest("input, select, [role=slider], .al-cross, .al-start");
    const free = { Escape: () => this.leave(), f: () => this.fullScreen() };
    const arrows = { ArrowLeft: () => this.go(-1), ArrowRight: () => this.go(1) };
    /** @type {Record<string, () => void>} */
    const actions = {
      PageUp: () => this.go(-1),
      PageDown: () => this.go(1),
      ...(wanted ? {} : free),
      ...(arrowsFree && !wanted ? arrows : {}),
    };
    const action = actions[event.key];
    if (!action) return false;
    event.preventDefault();
    action();
    return true;
  }

  remove() {
    this.element.remove();
  }
}
