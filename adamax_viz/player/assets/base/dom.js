// Elements, and canvases that know their size.

export { clamp, format, within } from "./format.js";

/** An element: h("button", {class: "x", onclick: f}, "text", child). */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
}

// The sizes of canvases as their observer last saw them: asking the page in every frame would lay it out anew.
const sizes = new WeakMap();
const observer = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) sizes.set(target, [contentRect.width, contentRect.height]);
});

/** A canvas whose size is watched. */
export function sized(canvas) {
  observer.observe(canvas);
  return canvas;
}

/** The canvas's context, sized to its box in device pixels and cleared. */
export function cleared(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = sizes.get(canvas) ?? [canvas.clientWidth, canvas.clientHeight];
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}
