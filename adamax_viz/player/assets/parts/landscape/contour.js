// What Plotly draws of a surface: contour, minima and axes; drawn anew only where the surface or the theme changes.

/** @import { Pair, Surface, Theme } from "../../base/types.js" */

/**
 * Rows of the grid as Plotly wants them.
 * @param {Surface} surface
 */
export function rows(surface) {
  const n = surface.size;
  return Array.from({ length: n }, (_, j) => surface.shade.subarray(j * n, (j + 1) * n));
}

/**
 * The grid's places along x (0) or y (1).
 * @param {Surface} surface
 * @param {0 | 1} index
 */
export function axis(surface, index) {
  const [low, high] = surface.domain[index];
  return Array.from({ length: surface.size }, (_, i) => low + ((high - low) * i) / (surface.size - 1));
}

/**
 * The quiet colours of heights.
 * @param {Theme} theme
 */
export function scale(theme) {
  return theme.landscape.map((colour, i, all) => [i / (all.length - 1), colour]);
}

/**
 * Contour and minima.
 * @param {Surface} surface
 * @param {Theme} theme
 */
export function ground(surface, theme) {
  return [contour(surface, theme), minima(surface, theme)];
}

/**
 * @param {Surface} surface
 * @param {Theme} theme
 */
function contour(surface, theme) {
  const [start, end, size] = surface.levels;
  return {
    type: "contour",
    x: axis(surface, 0),
    y: axis(surface, 1),
    z: rows(surface),
    autocontour: false,
    contours: { start, end, size },
    colorscale: scale(theme),
    showscale: false,
    hoverinfo: "skip",
    line: { width: 0.6, color: theme.contour },
  };
}

/**
 * @param {Surface} surface
 * @param {Theme} theme
 */
function minima(surface, theme) {
  return {
    type: "scatter",
    mode: "markers",
    hoverinfo: "skip",
    x: surface.minima.map((m) => m.x),
    y: surface.minima.map((m) => m.y),
    marker: {
      symbol: surface.minima.map((m) => (m.is_global ? "star" : "star-open")),
      size: 13,
      color: theme.minimum,
      line: { width: 1.2, color: surface.minima.map((m) => (m.is_global ? theme.background : theme.minimum)) },
    },
  };
}

const ROOMY = { margin: { l: 42, r: 8, t: 8, b: 36 }, title: 12, ticks: 11, count: 7 };
const TIGHT = { margin: { l: 22, r: 3, t: 3, b: 18 }, title: 0, ticks: 9, count: 4 };

/**
 * Axes and margins. While `revision` stays, Plotly keeps the zoom.
 * @param {object} look
 * @param {number} look.width
 * @param {number} look.height
 * @param {[Pair, Pair]} look.window
 * @param {Theme} look.theme
 * @param {number} look.bold how much larger type is
 * @param {boolean} look.tight whether many pictures share the room
 * @param {number} look.revision
 */
export function layout({ width, height, window, theme, bold, tight, revision }) {
  const type = bold > 1 ? 1.35 : 1;
  const { margin: { l, r, t, b }, ...size } = tight ? TIGHT : ROOMY;
  /**
   * @param {Pair} range
   * @param {string} title
   */
  const side = (range, title) => ({
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

/**
 * The surface's height at a point, as near as its grid knows it; NaN outside.
 * @param {Surface} surface
 * @param {Pair} point
 */
export function heightAt(surface, [x, y]) {
  const n = surface.size;
  /**
   * @param {number} value
   * @param {Pair} side
   */
  const index = (value, [low, high]) => Math.round(((value - low) / (high - low)) * (n - 1));
  const [i, j] = [index(x, surface.domain[0]), index(y, surface.domain[1])];
  const shade = i >= 0 && j >= 0 && i < n && j < n ? surface.shade[j * n + i] : NaN;
  return surface.logarithmic ? 10 ** shade - surface.floor + surface.lowest : shade;
}
