// The start under a hand: dragged, or moved with the arrow keys; the path follows.

import { clamp } from "../../base/format.js";
import { h } from "../../base/dom.js";

/** @import { Mapping, Pair } from "../../base/types.js" */

const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/**
 * A point moved by an arrow key, with Shift five times as far; undefined for other keys.
 * @param {KeyboardEvent} event
 * @param {Pair} point
 * @param {[Pair, Pair]} sides
 * @returns {Pair | undefined}
 */
export function movedByKey(event, point, sides) {
  const by = KEYS[/** @type {keyof typeof KEYS} */ (event.key)];
  if (!by) return undefined;
  const times = event.shiftKey ? 0.05 : 0.01;
  return /** @type {Pair} */ (point.map((value, axis) =>
    Number((value + by[axis] * times * (sides[axis][1] - sides[axis][0])).toPrecision(6))
  ));
}

/**
 * Put an element at a point of the landscape; outside the picture it waits at the edge, to be fetched back.
 * @param {HTMLElement} element
 * @param {Pair} point
 * @param {Mapping} at
 */
export function placeAt(element, [x, y], at) {
  element.style.left = `${clamp(at.x(x), at.left, at.left + at.width)}px`;
  element.style.top = `${clamp(at.y(y), at.top, at.top + at.height)}px`;
}

/**
 * @typedef {object} Hands
 * @property {(event: MouseEvent) => Pair} pointAt the landscape's point under an event
 * @property {() => [Pair, Pair]} domain
 * @property {(start: Pair, final: boolean) => void} onMove
 */

export class Start {
  /** @type {Pair} */
  point;

  /** @param {Hands} hands */
  constructor({ pointAt, domain, onMove }) {
    this.domain = domain;
    this.onMove = onMove;
    this.dragging = false;
    this.element = h("button", {
      type: "button",
      class: "al-start",
      title: "Drag me: the path follows (arrow keys move me too)",
      "aria-label": "Start point: drag it, or move it with the arrow keys",
      onpointerdown: (event) => this.press(event),
      onpointermove: (event) => this.dragging && this.move(pointAt(event), false),
      onpointerup: () => this.drop(),
      onpointercancel: () => this.drop(),
      onkeydown: (event) => this.key(event),
    });
  }

  /**
   * Where a run starts, unless a hand holds it.
   * @param {Pair} point
   */
  take(point) {
    if (!this.dragging) this.point = point;
  }

  /** @param {PointerEvent} event */
  press(event) {
    event.preventDefault();
    this.element.focus();
    this.element.setPointerCapture(event.pointerId);
    this.dragging = true;
  }

  drop() {
    if (!this.dragging) return;
    this.dragging = false;
    this.onMove(this.point, true);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const point = movedByKey(event, this.point, this.domain());
    if (!point) return;
    event.preventDefault();
    this.move(point, true);
  }

  /**
   * @param {Pair} point
   * @param {boolean} final
   */
  move(point, final) {
    this.point = point;
    this.onMove(point, final);
  }

  /** @param {Mapping} at */
  draw(at) {
    if (this.point) placeAt(this.element, this.point, at);
  }
}
