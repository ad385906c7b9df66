// The start under a hand: dragged, or moved with the arrow keys; the path follows.

import { clamp } from "../../base/format.js";
import { h } from "../../base/dom.js";

/**
 * @import { Mapping, Pair } from "../../base/types.js"
 * @import { Landscape } from "./landscape.js"
 */

/** @type {Record<string, Pair>} */
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** @type {(event: KeyboardEvent, point: Pair, sides: [Pair, Pair]) => Pair | undefined} with Shift five times as far */
export function movedByKey({ key, shiftKey }, point, sides) {
  if (!(key in KEYS)) return undefined;
  const times = shiftKey ? 0.05 : 0.01;
  const [x, y] = KEYS[key].map((by, axis) => point[axis] + by * times * (sides[axis][1] - sides[axis][0]));
  return [Number(x.toPrecision(6)), Number(y.toPrecision(6))];
}

/** @type {(element: HTMLElement, point: Pair, at: Mapping) => void} outside it waits at the edge, to be fetched back */
export function placeAt({ style }, [x, y], at) {
  style.left = `${clamp(at.x(x), at.left, at.left + at.width)}px`;
  style.top = `${clamp(at.y(y), at.top, at.top + at.height)}px`;
}

/** @type {(point: Pair, sides: [Pair, Pair]) => boolean} at the right of the top, where the zoom has its buttons */
export function inCorner(point, sides) {
  const [right, up] = sides.map(([low, high], axis) => (point[axis] - low) / (high - low));
  return right > 0.75 && up > 0.6;
}

export class Start {
  /** @type {Pair} */
  point;
  dragging = false;
  element = h("button", {
    type: "button",
    class: "al-start",
    title: "Drag me: the path follows (arrow keys move me too)",
    "aria-label": "Start point: drag it, or move it with the arrow keys",
    onpointerdown: (event) => this.press(event),
    onpointermove: (event) => this.dragging && this.move(this.landscape.graph.pointAt(event), false),
    onlostpointercapture: () => this.drop(),
    onkeydown: (event) => this.key(event),
  });

  /** @param {Landscape} landscape */
  constructor(landscape) {
    this.landscape = landscape;
  }

  /** @param {Pair} point where a run starts, unless a hand holds it */
  take(point) {
    if (!this.dragging) this.point = point;
  }

  /** @param {PointerEvent} event */
  press(event) {
    if (this.element.disabled) return; // a finger's events come all the same
    event.preventDefault();
    this.element.focus();
    this.element.setPointerCapture(event.pointerId);
    this.dragging = true;
  }

  drop() {
    if (!this.dragging) return; // a finger holds whatever it touches
    this.dragging = false;
    this.move(this.point, true);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const point = movedByKey(event, this.point, this.landscape.run.surface.domain);
    if (!point) return;
    event.preventDefault();
    this.move(point, true);
  }

  /** @type {(start: Pair, final: boolean) => void} */
  move(start, final) {
    this.point = start;
    this.landscape.placeHandles();
    this.landscape.scene.channel.request({ start }, final);
  }

  /** @param {Mapping} at */
  draw(at) {
    if (this.point) placeAt(this.element, this.point, at);
  }
}
