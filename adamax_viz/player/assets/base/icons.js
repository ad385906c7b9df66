// The transport's signs as small drawings, so that they look the same with every font.

const SHAPES = {
  play: "M4 2.5v11l9-5.5z",
  pause: "M3.5 2.5h3.2v11H3.5zM9.3 2.5h3.2v11H9.3z",
  first: "M3 2.5h2v11H3zM13 2.5v11L5.5 8z",
  last: "M11 2.5h2v11h-2zM3 2.5v11L10.5 8z",
  back: "M11 3v10L4 8z",
  forward: "M5 3v10l7-5z",
  full: "M2 2h5v1.8H3.8V7H2zM9 2h5v5h-1.8V3.8H9zM2 9h1.8v3.2H7V14H2zM12.2 9H14v5H9v-1.8h3.2z",
  close: "M3.6 2.4 8 6.8l4.4-4.4 1.2 1.2L9.2 8l4.4 4.4-1.2 1.2L8 9.2l-4.4 4.4-1.2-1.2L6.8 8 2.4 3.6z",
  loop: "M8 3a5 5 0 0 1 4.6 3H10v1.6h5V2.6h-1.6v2A6.6 6.6 0 1 0 14.6 8H13a5 5 0 1 1-5-5z",
};

/** @type {(name: keyof SHAPES) => SVGElement} in the colour of its text */
export function icon(name) {
  const svg = shape("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" });
  svg.append(shape("path", { d: SHAPES[name] }));
  return svg;
}

/** @type {(tag: string, attributes: Record<string, string | number>) => SVGElement} */
export function shape(tag, attributes) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return /** @type {SVGElement} */ (element);
}
