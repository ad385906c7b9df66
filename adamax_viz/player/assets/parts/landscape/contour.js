// What Plotly draws of a surface: contour, minima and axes; drawn anew only where the surface or the theme changes.

/** @import { Pair, Surface, Theme } from "../../base/types.js" */

/** @param {Surface} surface whose grid is given as rows */
export function rows({ size: n, shade }) {
  return Array.from({ length: n }, (_, j) => shade.subarray(j * n, (j + 1) * n));
}

/** @type {(surface: Surface, index: 0 | 1) => number[]} the grid's places along x (0) or y (1) */
export function axis({ domain, size }, index) {
  const [low, high] = domain[index];
  return Array.from({ length: size }, (_, i) => low + ((high - low) * i) / (size - 1));
}

/** @type {(surface: Surface, theme: Theme) => object} as contour and picture in three dimensions have it */
export function heights(surface, { landscape }) {
  return {
    x: axis(surface, 0),
    y: axis(surface, 1),
    z: rows(surface),
    showscale: false,
    hoverinfo: "skip",
    colorscale: landscape.map((colour, i) => [i / (landscape.length - 1), colour]),
  };
}

/** @type {(surface: Surface, theme: Theme) => object[]} contour and minima */
export function ground(surface, theme) {
  const { levels: [start, end, size], minima } = surface;
  const contour = {
    ...heights(surface, theme),
    type: "contour",
    autocontour: false,
    contours: { start, end, size },
    line: { width: 0.6, color: theme.contour },
  };
  const stars = {
    type: "scatter",
    mode: "markers",
    hoverinfo: "skip",
    x: minima.map(({ x }) => x),
    y: minima.map(({ y }) => y),
    marker: {
      symbol: minima.map(({ is_global }) => (is_global ? "star" : "star-open")),
      size: 13,
      color: theme.minimum,
      line: { width: 1.2, color: minima.map(({ is_global }) => (is_global ? theme.background : theme.minimum)) },
    },
  };
  return [contour, stars];
}

const ROOMY = { margin: { l: 42, r: 8, t: 8, b: 36 }, title: 12, ticks: 11, count: 7 };
const TIGHT = { margin: { l: 22, r: 3, t: 3, b: 18 }, title: 0, ticks: 9, count: 4 };

/**
 * Axes and margins: `bold` is how much larger type is, `tight` whether many pictures share the room. While `revision`
 * stays, Plotly keeps the zoom.
 * @typedef {{width: number, height: number, window: [Pair, Pair], theme: Theme}} Frame
 * @param {Frame & {bold: number, tight: boolean, revision: number}} look
 */
export function layout({ width, height, window, theme, bold, tight, revision }) {
  const type = bold > 1 ? 1.35 : 1;
  const { margin: { l, r, t, b }, ...size } = tight ? TIGHT : ROOMY;
  const side = (/** @type {Pair} */ range, /** @type {string} */ title) => ({
    range: [...range],
    title: { text: size.title ? title : "", standoff: 2, font: { size: (size.title || 1) * type, color: theme.quiet } },
    showgrid: false,
    zeroline: false,
    ticks: "outside",
    ticklen: 4,
    tickcolor: theme.grid,
    tickfont: { size: size.ticks * type, color: theme.quiet },
    nticks: size.count,
  });
  return {
    autosize: false,
    width,
    height,
    margin: { l: l * type, r, t, b: b * type },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: theme.ink, family: theme.font },
    showlegend: false,
    hovermode: false,
    dragmode: "pan",
    xaxis: side(window[0], "x"),
    yaxis: side(window[1], "y"),
    uirevision: revision,
  };
}

/** @type {(surface: Surface, point: Pair) => number} as near as the surface's grid knows it; NaN outside */
export function heightAt({ size: n, domain, shade, logarithmic, floor, lowest }, point) {
  const [i, j] = domain.map(([low, high], axis) => Math.round(((point[axis] - low) / (high - low)) * (n - 1)));
  const height = i >= 0 && j >= 0 && i < n && j < n ? shade[j * n + i] : NaN;
  return logarithmic ? 10 ** height - floor + lowest : height;
}
