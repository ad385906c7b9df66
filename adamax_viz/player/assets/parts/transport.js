// Play, pause, step, scrub: the one playhead. It is fractional, so that slow motion glides between steps.

import { button, elementOf, h } from "../base/dom.js";
import { clamp } from "../base/format.js";
import { icon } from "../base/icons.js";

const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 5, 10, 25, 50, 100];
const SPEED = 2; // of them at first
const STEPS_PER_SECOND = 20; // at 1x

export class Transport {
  steps = 1;
  windows = 1; // micro-steps of an update
  at = Infinity; // Infinity: at the end, wherever that is
  playing = false;
  loop = false;
  last = 0; // the time of the frame before
  frame = 0; // that is asked for
  /** @type {{to: number, speed: number} | null} while it plays to a step of its own accord */
  journey = null;
  playButton = sign("play", "Play (space)", () => this.toggle());
  loopButton = sign("loop", "Loop", () => this.setLoop(!this.loop));
  /** @type {HTMLInputElement} */
  scrubber = h("input", {
    type: "range",
    class: "al-scrub",
    min: 0,
    max: 1,
    step: 1,
    value: 0,
    "aria-label": "Step",
    oninput: () => this.jump(Number(this.scrubber.value)),
  });
  select = h(
    "select",
    { class: "al-speed", "aria-label": "Speed", title: "Speed" },
    ...SPEEDS.map((speed) => h("option", { value: speed, selected: speed === SPEED }, `${speed}×`)),
  );
  label = h("output", { class: "al-step", "aria-live": "off" });
  element = h(
    "div",
    { class: "al-transport", role: "group", "aria-label": "Playback" },
    sign("first", "To the start (Home)", () => this.jump(0)),
    sign("back", "One step back (←)", () => this.step(-1)),
    this.playButton,
    sign("forward", "One step on (→)", () => this.step(1)),
    sign("last", "To the end (End)", () => this.jump(this.steps)),
    this.scrubber,
    this.label,
    this.select,
    this.loopButton,
  );

  /** @param {() => void} onMove called whenever the playhead moves */
  constructor(onMove) {
    this.onMove = onMove;
    this.setLoop(false);
  }

  /** The playhead, 0 to `steps`. */
  get position() {
    return clamp(this.at, 0, this.steps);
  }

  /** The step whose arithmetic is shown: the one that leads away from the playhead. */
  get shown() {
    return clamp(Math.floor(this.position + 1e-9), 0, this.steps - 1);
  }

  /** @type {(steps: number, windows: number) => void} */
  setRun(steps, windows) {
    this.steps = steps;
    this.windows = windows;
    this.scrubber.max = String(steps);
    this.refresh();
  }

  /** @param {number} position */
  jump(position) {
    this.at = position >= this.steps ? Infinity : Math.max(0, position);
    this.moved();
  }

  /** @param {number} by */
  step(by) {
    this.pause();
    const here = this.position;
    this.jump(by > 0 ? Math.floor(here) + by : Math.ceil(here) + by);
  }

  toggle() {
    this.playing ? this.pause() : this.play();
  }

  play() {
    if (this.position >= this.steps) this.at = 0;
    this.playing = true;
    this.last = performance.now();
    this.frame ||= requestAnimationFrame((now) => this.tick(now));
    this.moved();
  }

  /** @param {number} seconds that the whole run takes about, at the speed that is chosen now */
  paceFor(seconds) {
    const wanted = this.steps / seconds / STEPS_PER_SECOND;
    const away = SPEEDS.map((speed) => Math.abs(Math.log(speed / wanted)));
    this.select.selectedIndex = away.indexOf(Math.min(...away));
  }

  /** @type {(step: number, seconds: number) => void} plays on to a step; without motion where that is asked for */
  playTo(step, seconds) {
    if (window.matchMedia("(prefers-reduced-motion: reduce)").matches || step <= this.position) {
      this.jump(step);
      return;
    }
    const to = Math.min(step, this.steps);
    this.play();
    this.journey = { to, speed: (to - this.position) / seconds / STEPS_PER_SECOND };
  }

  pause() {
    this.playing = false;
    this.journey = null;
    this.moved();
  }

  /** @param {boolean} loop */
  setLoop(loop) {
    this.loop = loop;
    this.loopButton.setAttribute("aria-pressed", String(loop));
  }

  /** @param {number} speed one of `SPEEDS`, at which it plays round and round */
  loopAt(speed) {
    this.select.value = String(speed);
    this.setLoop(true);
    this.play();
  }

  /** @param {number} now */
  tick(now) {
    this.frame = 0;
    if (!this.playing || !this.element.isConnected) return;
    const seconds = Math.min(0.1, Math.max(0, now - this.last) / 1000);
    this.last = now;
    let next = this.position + seconds * (this.journey?.speed ?? Number(this.select.value)) * STEPS_PER_SECOND;
    if (this.journey && next >= this.journey.to) {
      next = this.journey.to;
      this.pause();
    } else if (next >= this.steps) {
      if (this.loop) next = 0;
      else this.playing = false;
    }
    this.at = next >= this.steps ? Infinity : next;
    if (this.playing) this.frame = requestAnimationFrame((later) => this.tick(later));
    this.moved();
  }

  moved() {
    this.refresh();
    this.onMove();
  }

  refresh() {
    const { position, windows, playing, playButton, scrubber } = this;
    const rounded = String(Math.round(position));
    if (scrubber.value !== rounded) scrubber.value = rounded;
    const whole = Math.floor(position + 1e-9);
    const text = windows > 1 ? `micro-step ${whole} · update ${Math.floor(whole / windows)}` : `step ${whole}`;
    const full = `${text} of ${this.steps}`;
    if (this.label.textContent !== full) this.label.textContent = full;
    scrubber.setAttribute("aria-valuetext", full);
    if (playButton.dataset.playing === String(playing)) return;
    playButton.dataset.playing = String(playing);
    playButton.replaceChildren(icon(playing ? "pause" : "play"));
    playButton.title = playing ? "Pause (space)" : "Play (space)";
    playButton.setAttribute("aria-label", playButton.title);
  }

  /** @param {KeyboardEvent} event Space, arrows, Home and End, unless a control of its own wants the key */
  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    const target = elementOf(event);
    const typing = target?.closest(
      "input, textarea, select, [contenteditable], [role=slider], [role=combobox], [role=dialog]",
    );
    if (typing && target !== this.scrubber) return;
    const button = target?.closest("button, a, summary");
    /** @type {Record<string, () => void>} */
    const actions = {
      " ": () => this.toggle(),
      ArrowLeft: () => this.step(event.shiftKey ? -10 : -1),
      ArrowRight: () => this.step(event.shiftKey ? 10 : 1),
      Home: () => this.jump(0),
      End: () => this.jump(this.steps),
    };
    const action = actions[event.key];
    if (!action || (event.key === " " && button && button !== this.playButton)) return;
    event.preventDefault();
    action();
  }
}

/** @type {(name: Parameters<typeof icon>[0], label: string, onclick: () => void) => HTMLButtonElement} */
function sign(name, label, onclick) {
  return button(label, icon(name), onclick, `al-button al-${name}`);
}
