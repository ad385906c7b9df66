// On a projector: next and previous scene by keyboard or clicker, full screen, and a way out.

import { h } from "../base/dom.js";
import { icon } from "../base/icons.js";

export class Present {
  /** @param {import("../scenes/root.js").Root} root */
  constructor(root) {
    this.root = root;
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

  take({ present, scene }) {
    this.on = Boolean(present);
    this.scene = scene ?? null;
    this.element.classList.toggle("al-off", !this.on);
    this.scenes.classList.toggle("al-off", !this.scene);
    if (!this.scene) return;
    this.count.textContent = `${this.scene.at} / ${this.scene.of}`;
    this.previous.disabled = this.scene.at <= 1;
    this.next.disabled = this.scene.at >= this.scene.of;
  }

  go(by) {
    if (!this.scene) return;
    const wanted = this.scene.at + by;
    if (wanted >= 1 && wanted <= this.scene.of) this.root.channel.request({ scene: wanted }, true);
  }

  fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.();
  }

  leave() {
    if (document.fullscreenElement) document.exitFullscreen();
    this.root.channel.request({ present: false }, true);
  }

  /** Page keys always turn scenes; left and right do where there is nothing to step through. */
  key(event, arrowsFree) {
    if (!this.on || event.altKey || event.ctrlKey || event.metaKey) return false;
    if (event.target.closest?.("input[type=text], textarea, [contenteditable]")) return false;
    // A clicker's keys always turn scenes, whatever has the focus; the others only where nothing else wants them.
    const wanted = event.defaultPrevented ||
      event.target.closest?.("input, select, [role=slider], .al-cross, .al-start");
    const free = { Escape: () => this.leave(), f: () => this.fullScreen() };
    const arrows = { ArrowLeft: () => this.go(-1), ArrowRight: () => this.go(1) };
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
