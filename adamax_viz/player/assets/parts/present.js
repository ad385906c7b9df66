// On a projector: next and previous scene by keyboard or clicker, full screen, and a way out.

import { button, elementOf, h } from "../base/dom.js";
import { icon } from "../base/icons.js";

/** @import { Runs } from "../scenes/runs.js" */

export class Present {
  previous = button("Previous scene (Page Up)", icon("back"), () => this.go(-1));
  next = button("Next scene (Page Down)", icon("forward"), () => this.go(1));
  count = h("span", { class: "al-count" });
  scenes = h("span", { class: "al-scenes" }, this.previous, this.count, this.next);
  element = h(
    "div",
    { class: "al-presenter al-off", role: "group", "aria-label": "Presenting" },
    this.scenes,
    button("Full screen (F)", icon("full"), () => this.fullScreen()),
    button("Stop presenting (Escape)", icon("close"), () => this.leave()),
  );

  /** @param {Runs} scene */
  constructor(scene) {
    this.scene = scene;
  }

  /** @param {Runs} scene */
  take({ header: { options: { present, scene } } }) {
    this.element.classList.toggle("al-off", !present);
    this.scenes.classList.toggle("al-off", !scene);
    if (!scene) return;
    const { at = 1, of = 1 } = scene;
    this.count.textContent = `${at} / ${of}`;
    this.previous.disabled = at <= 1;
    this.next.disabled = at >= of;
  }

  /** @param {number} by */
  go(by) {
    const { at = 1, of = 0 } = this.scene.header.options.scene ?? {};
    const scene = at + by;
    if (scene >= 1 && scene <= of) this.scene.channel.request({ scene }, true);
  }

  fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.();
  }

  leave() {
    if (document.fullscreenElement) document.exitFullscreen();
    this.scene.channel.request({ present: false }, true);
  }

  /**
   * Page keys always turn scenes; left and right do where there is nothing to step through.
   * @type {(event: KeyboardEvent, arrowsFree: boolean) => boolean} whether it was one of them
   */
  key(event, arrowsFree) {
    if (!this.scene.header?.options.present || event.altKey || event.ctrlKey || event.metaKey) return false;
    const target = elementOf(event);
    if (target?.closest("input[type=text], textarea, [contenteditable]")) return false;
    // A clicker's keys always turn scenes, whatever has the focus; the others only where nothing else wants them.
    const wanted = event.defaultPrevented || target?.closest("input, select, [role=slider], .al-cross, .al-start");
    const [back, on] = [() => this.go(-1), () => this.go(1)];
    /** @type {Record<string, () => void>} */
    const actions = {
      PageUp: back,
      PageDown: on,
      ...(wanted ? {} : { Escape: () => this.leave(), f: () => this.fullScreen() }),
      ...(arrowsFree && !wanted ? { ArrowLeft: back, ArrowRight: on } : {}),
    };
    const action = actions[event.key];
    if (!action) return false;
    event.preventDefault();
    action();
    return true;
  }
}
