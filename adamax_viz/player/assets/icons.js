// The transport's signs as small drawings, so that they look the same with every font.

const SHAPES = {
  play: "M4 2.5v11l9-5.5z",
  pause: "M3.5 2.5h3.2v11H3.5zM9.3 2.5h3.2v11H9.3z",
  first: "M3 2.5h2v11H3zM13 2.5v11L5.5 8z",
  last: "M11 2.5h2v11h-2zM3 2.5v11L10.5 8z",
  back: "M11 3v10L4 8z",
  forward: "M5 3v10l7-5z",
  loop: "M8 3a5 5 0 0 1 4.6 3H10v1.6h5V2.6h-1.6v2A6.6 6.6 0 1 0 14.6 8H13a5 5 0 1 1-5-5z",
};

/** An SVG element in the colour of its text. */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}
