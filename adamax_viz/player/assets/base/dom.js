// Elements, and canvases that know their size.

/**
 * Attributes by name, and handlers as `onclick`, `onkeydown`, …; undefined, null and false leave an attribute out.
 * @typedef {{[K in keyof HTMLElementEventMap as `on${K}`]?: (event: HTMLElementEventMap[K]) => unknown}} Handlers
 * @typedef {Handlers & Record<string, unknown>} Attributes
 */

/**
 * An element: h("button", {class: "x", onclick: f}, "text", child).
 * @typedef {HTMLElementTagNameMap} Elements
 * @typedef {Node | string | null | undefined} Child
 * @type {<Tag extends keyof Elements>(tag: Tag, attributes?: Attributes, ...children: Child[]) => Elements[Tag]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
}

/** @type {(label: string, sign: Node | string, onclick: () => void, name?: string) => HTMLButtonElement} */
export function button(label, sign, onclick, name = "al-button") {
  return h("button", { type: "button", class: name, "aria-label": label, title: label, onclick }, sign);
}

/** @param {Event} event */
export function elementOf({ target }) {
  return target instanceof Element ? target : null;
}

/** @type {(event: MouseEvent, element: Element) => [number, number]} where it happened, in pixels of the element */
export function pointIn(event, element) {
  const box = element.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

// The sizes of canvases as their observer last saw them: asking the page in every frame would lay it out anew.
const sizes = new WeakMap();
const observer = typeof ResizeObserver === "undefined" ? null : new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) sizes.set(target, [contentRect.width, contentRect.height]);
  for (const { target } of entries) {
    const canvas = /** @type {HTMLCanvasElement} */ (target);
    const [width, height] = bitmapOf(...sizeOf(canvas));
    // It was drawn at another size: the player, which hears this, draws anew.
    if (canvas.width !== width || canvas.height !== height) {
      canvas.dispatchEvent(new Event("resize", { bubbles: true }));
    }
  }
});

/** @param {HTMLCanvasElement} canvas whose size is watched */
export function sized(canvas) {
  observer?.observe(canvas);
  return canvas;
}

/** @type {(canvas: HTMLCanvasElement) => [number, number]} width and height in pixels of the page */
export function sizeOf(canvas) {
  return sizes.get(canvas) ?? [canvas.clientWidth, canvas.clientHeight];
}

/** @type {(canvas: HTMLCanvasElement, settings?: CanvasRenderingContext2DSettings) => CanvasRenderingContext2D} */
export function contextOf(canvas, settings) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", settings));
}

/** Device pixels of one pixel of the page. */
export function pixelRatio() {
  return window.devicePixelRatio;
}

/** @param {HTMLCanvasElement} canvas sized to its box in device pixels, and cleared */
export function cleared(canvas) {
  const [width, height] = sizeOf(canvas);
  const context = fit(canvas, width, height);
  context.clearRect(0, 0, width, height);
  return context;
}

/**
 * A canvas that is not in the page, for what is drawn once and copied in every frame.
 * @type {(width: number, height: number) => {canvas: HTMLCanvasElement, context: CanvasRenderingContext2D}}
 */
export function makeLayer(width, height) {
  const canvas = document.createElement("canvas");
  return { canvas, context: fit(canvas, Math.max(width, 1), Math.max(height, 1)) };
}

/** @type {(canvas: HTMLCanvasElement, width: number, height: number) => CanvasRenderingContext2D} */
function fit(canvas, width, height) {
  const ratio = pixelRatio();
  const [across, down] = bitmapOf(width, height);
  if (canvas.width !== across || canvas.height !== down) Object.assign(canvas, { width: across, height: down });
  const context = contextOf(canvas);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/** @type {(width: number, height: number) => [number, number]} in device pixels */
function bitmapOf(width, height) {
  return [Math.round(width * pixelRatio()), Math.round(height * pixelRatio())];
}
