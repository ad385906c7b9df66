// The picture people take home: landscape and charts at the playhead, as seen, with caption and link. One layout,
// whatever the screen's size; one drawing routine for SVG, PNG and every frame of a film.

import { contextOf } from "../base/dom.js";
import { write } from "../base/plot/pen.js";
import { makeSpot } from "../base/plot/plot.js";
import { base, Plotly } from "../base/plotly.js";
import { LOWEST } from "../parts/charts/panels.js";
import { enlargement } from "../parts/landscape/arrows.js";
import { ground } from "../parts/landscape/contour.js";
import { makeSvg } from "./svg.js";

/**
 * @import { Mapping, Path, Pen, RunsHeader, Surface, Theme } from "../base/types.js"
 * @import { Panels } from "../parts/charts/panels.js"
 * @import { Landscape } from "../parts/landscape/landscape.js"
 * @import { Runs as Player } from "../scenes/runs.js"
 *
 * @typedef {Awaited<ReturnType<typeof prepare>>} Picture everything about it that no step changes
 * @typedef {{text: string, font: string, colour: string}} Words a line of them
 */

const SIDE = 560; // pixels of the square landscape and of the charts' width
const SQUARE = { width: SIDE, height: SIDE };
const ROOM = { clientWidth: SIDE, clientHeight: SIDE };
const EDGE = 24;
const GAP = 26;
const TOP = EDGE + 30;
const LEGEND = 26;
const LINE = 19;
const NAMES = 4; // of runs that fit on a line of the legend
const PLOT = { left: 42, top: 8, right: 8, bottom: 36 }; // margins of the landscape's axes, as on the screen
export const WIDTH = 2 * (EDGE + SIDE) + GAP;
// Pictures are seen where the page's own font is not: words are measured in one that is everywhere.
const FONT = "Helvetica, Arial, sans-serif";
const [TITLE, WHERE, BOLD] = [`600 17px ${FONT}`, `14px ${FONT}`, `600 13px ${FONT}`];
const [PLAIN, QUIET] = [`13px ${FONT}`, `12px ${FONT}`];
const baseline = "alphabetic"; // of all words

/**
 * The address that shows this run, or these runs, again; "" if none does. A page may name another in `data-link`.
 * @param {RunsHeader} header
 */
function linkOf({ link, named, query }) {
  const given = document.documentElement.dataset.link ?? link;
  if (given !== undefined) return given;
  const panels = new URLSearchParams(window.location.search).get("panels");
  return `${base()}/${named ? "effects" : "playground"}?${query}&v=1${panels === null ? "" : `&panels=${panels}`}`;
}

/** @param {Player} player */
export async function prepare(player) {
  const theme = { ...player.theme, font: FONT };
  /** @type {Panels} as they are, but for their style */
  const panels = Object.assign(Object.create(player.panels), { theme, bold: 1, hovered: null });
  const inSpace = player.view === "space";
  // The third dimension is drawn by WebGL, so even in an SVG it is pixels.
  /** @type {string} */
  const under = inSpace
    ? await Plotly.toImage(player.space.plot, { format: "png", ...SQUARE, scale: 2 })
    : await groundSvg(player, theme, player.run.surface);
  const named = pathsOf(player).filter(({ label }) => label).length;
  const below = Math.max(SIDE + LEGEND + LINE * Math.ceil(named / NAMES), Math.ceil(panels.charts.length / 2) * LOWEST);
  const spots = panels.charts.length ? panels.place(SIDE, below, 2) : [];
  const words = caption(player, theme);
  const height = TOP + below + 12 + words.length * LINE + EDGE - 6;
  return { player, theme, panels, inSpace, ground: under, spots, words, below, height };
}

/** @type {(player: Player, theme: Theme, surface: Surface) => Promise<string>} with the screen's axes, as SVG text */
export async function groundSvg({ landscape: { graph } }, theme, surface) {
  const { xaxis, yaxis } = graph.axes();
  const layout = graph.layout();
  const view = {
    ...layout,
    ...SQUARE,
    font: { ...layout.font, family: theme.font },
    xaxis: { ...layout.xaxis, range: [...xaxis.range] },
    yaxis: { ...layout.yaxis, range: [...yaxis.range] },
  };
  const url = await Plotly.toImage({ data: ground(surface, theme), layout: view }, { format: "svg", ...SQUARE });
  return decodeURIComponent(url.slice(url.indexOf(",") + 1));
}

/** @type {(landscape: Landscape) => Mapping} data to pixels of the picture, with the axes as zoomed on the screen */
function mapping({ graph }) {
  const { xaxis, yaxis } = graph.axes();
  const [[x0, x1], [y0, y1]] = [xaxis, yaxis].map(({ range }) => range.map(Number));
  const spot = makeSpot(ROOM, [x0, x1], [y0, y1], PLOT);
  return { ...spot, perX: spot.width / (x1 - x0), perY: spot.height / (y1 - y0) };
}

/**
 * Title, landscape, legend, charts and caption at a (fractional) playhead; `lay` puts the surface there.
 * @typedef {(x: number, y: number, width: number, height: number) => void} Lay
 * @type {(context: Pen, picture: Picture, position: number, step: number, lay: Lay) => void}
 */
export function draw(context, picture, position, step, lay) {
  const { player, theme, panels, spots, words, below, height, inSpace } = picture;
  context.fillStyle = theme.background;
  context.fillRect(0, 0, WIDTH, height);
  const where = `step ${Math.floor(position + 1e-9)} of ${player.transport.steps}`;
  write(context, player.header.title, [EDGE, EDGE + 12], { font: TITLE, colour: theme.ink, baseline });
  write(context, where, [WIDTH - EDGE, EDGE + 12], { font: WHERE, colour: theme.quiet, align: "right", baseline });
  lay(EDGE, TOP, SIDE, SIDE);
  if (!inSpace) {
    context.save();
    context.translate(EDGE, TOP);
    const enlarged = player.landscape.paint(context, mapping(player.landscape), position, step, theme);
    context.restore();
    legend(context, picture, enlargement(enlarged));
  }
  context.save();
  context.translate(EDGE + SIDE + GAP, TOP);
  panels.paint(context, spots, position, step);
  context.restore();
  words.forEach(({ text, ...style }, i) => {
    write(context, text, [EDGE, TOP + below + 12 + (i + 1) * LINE - 5], { ...style, baseline });
  });
}

/** @type {(player: Player) => Path[]} */
function pathsOf({ landscape }) {
  return [landscape.run, ...landscape.beside];
}

/**
 * What the arrows are, the chips under the landscape that are on, and the names of other runs; in lines that fit.
 * @type {(context: Pen, picture: Picture, enlarged: string) => void}
 */
function legend(context, { player, theme }, enlarged) {
  const runs = pathsOf(player).filter(({ letter, label }) => letter && label);
  const names = runs.map(({ variant = 0, letter, label }) => ({
    text: `${letter} ${label}`,
    font: BOLD,
    colour: theme.variants[variant],
  }));
  const chips = player.landscape.legend().map(({ name, label }) => ({
    text: label,
    font: BOLD,
    colour: theme.text(name),
  }));
  names.sort((a, b) => a.text.localeCompare(b.text));
  let [x, y] = [EDGE + PLOT.left, TOP + SIDE + 15];
  for (const { text, ...style } of [...chips, ...names, { text: enlarged, font: QUIET, colour: theme.quiet }]) {
    context.font = style.font;
    const { width } = context.measureText(text);
    if (x + width > EDGE + SIDE) [x, y] = [EDGE + PLOT.left, y + LINE];
    write(context, text, [x, y], { ...style, baseline });
    x += width + 18;
  }
}

/** @type {(player: Player, theme: Theme) => Words[]} what the run did, and where to find it again, in lines that fit */
function caption({ header, several }, { ink, quiet }) {
  const [{ diagnosis = [], summary = "" }] = header.runs;
  const words = (several ? header.sentences : diagnosis).join(" ");
  return [
    ...wrapped({ text: words, font: BOLD, colour: ink }, /(?<= )/),
    ...wrapped({ text: several ? header.line : summary, font: PLAIN, colour: ink }, /(?<= )/),
    ...wrapped({ text: linkOf(header), font: QUIET, colour: quiet }, /(?<=[&?,])/),
  ];
}

/** @type {(words: Words, between: RegExp) => Words[]} lines that end where `between` allows it */
function wrapped({ text, ...style }, between) {
  const context = makeSvg(0, 0);
  context.font = style.font;
  const lines = [""];
  for (const part of text.split(between)) {
    const longer = lines[lines.length - 1] + part;
    if (context.measureText(longer).width <= WIDTH - 2 * EDGE) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines.filter(Boolean).map((line) => ({ text: line.trimEnd(), ...style }));
}

/** @type {(player: Player) => Promise<string>} the picture at the playhead as SVG text */
export async function svgPicture(player) {
  const picture = await prepare(player);
  const context = makeSvg(WIDTH, picture.height);
  const { position, shown } = player.transport;
  draw(context, picture, position, shown, (...place) => context.embed(picture.ground, ...place));
  return context.toString();
}

/** @type {(player: Player) => Promise<Blob>} the same as a PNG, two pixels for each of the SVG's */
export async function pngPicture(player) {
  const image = await loaded(await svgPicture(player));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [2 * image.naturalWidth, 2 * image.naturalHeight];
  contextOf(canvas).drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture could not be made."))), "image/png")
  );
}

/** @param {string} source an SVG's text, or an address */
export async function loaded(source) {
  const image = new Image();
  image.src = source.startsWith("<svg") ? `data:image/svg+xml,${encodeURIComponent(source)}` : source;
  await image.decode();
  return image;
}
