// Small helpers for elements and numbers.

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

/** A number as people write it: so many significant digits, a real minus sign. */
export function format(value, digits = 4) {
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text = size >= 1e5 || size < 1e-4
    ? value.toExponential(digits - 1).replace(/\.?0+e/, "e").replace("e+", "e")
    : String(Number(value.toPrecision(digits)));
  return text.replaceAll("-", "−");
}

export function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

/** A point in pixels, drawn in towards the corner where it lies so far out that a canvas would fill instead of stroke. */
export function within(x, y, farthest = 1e5) {
  const scale = Math.min(1, farthest / Math.max(Math.abs(x), Math.abs(y)));
  return scale < 1 ? [x * scale, y * scale] : [x, y];
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
