// The picture people take home: landscape and charts at the playhead, as seen, with caption and link. One layout,
// whatever the screen's size; one drawing routine for SVG, PNG and every frame of a film.

import { enlargement } from "../parts/landscape/arrows.js";
import { ground } from "../parts/landscape/contour.js";
import { LOWEST } from "../parts/charts/panels.js";
import { base } from "../base/plotly.js";
import { SvgContext } from "./svg.js";

const SIDE = 560; // pixels of the square landscape and of the charts' width
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

/** The address that shows this run, or these runs, again; "" if none does. A page may name another in `data-link`. */
export function linkOf(header) {
  const named = document.documentElement.dataset.link ?? header.link;
  if (named !== undefined) return named;
  const panels = new URLSearchParams(window.location.search).get("panels");
  const page = header.named ? "effects" : "playground";
  return `${base()}/${page}?${header.query}&v=1${panels === null ? "" : `&panels=${panels}`}`;
}

/** Everything about the picture that no step changes. */
export async function prepare(player) {
  const theme = { ...player.theme, font: FONT };
  const as = (part, own) => Object.assign(Object.create(part), { theme }, own);
  const landscape = as(player.landscape);
  const panels = as(player.panels, { bold: 1 });
  const inSpace = player.view === "space";
  const under = inSpace ? await spaceImage(player) : await groundSvg(player, theme, player.run.surface);
  const named = [player.landscape.run, ...player.landscape.beside].filter(({ label }) => label).length;
  const below = Math.max(SIDE + LEGEND + LINE * Math.ceil(named / NAMES), Math.ceil(panels.charts.length / 2) * LOWEST);
  const spots = panels.charts.length ? panels.place(SIDE, below, 2) : [];
  const words = caption(player, theme);
  const height = TOP + below + 12 + words.length * LINE + EDGE - 6;
  return { player, theme, landscape, panels, inSpace, ground: under, spots, words, below, height };
}

/** A surface with axes as they are on the screen, as SVG text. */
export async function groundSvg({ Plotly, landscape }, theme, surface) {
  const { xaxis, yaxis } = landscape.axes();
  const layout = landscape.layout();
  const size = { width: SIDE, height: SIDE };
  const view = {
    ...layout,
    ...size,
    font: { ...layout.font, family: theme.font },
    xaxis: { ...layout.xaxis, range: [...xaxis.range] },
    yaxis: { ...layout.yaxis, range: [...yaxis.range] },
  };
  const url = await Plotly.toImage({ data: ground(surface, theme), layout: view }, { format: "svg", ...size });
  return decodeURIComponent(url.slice(url.indexOf(",") + 1));
}

/** The third dimension is drawn by WebGL, so even in an SVG it is pixels. */
function spaceImage({ Plotly, space }) {
  return Plotly.toImage(space.plot, { format: "png", width: SIDE, height: SIDE, scale: 2 });
}

/** Data to pixels of the picture: the axes as they are zoomed on the screen. */
function mapping(landscape) {
  const { xaxis, yaxis } = landscape.axes();
  const [x0, x1] = xaxis.range.map(Number);
  const [y0, y1] = yaxis.range.map(Number);
  const [width, height] = [SIDE - PLOT.left - PLOT.right, SIDE - PLOT.top - PLOT.bottom];
  const [perX, perY] = [width / (x1 - x0), height / (y1 - y0)];
  return {
    x: (value) => PLOT.left + (value - x0) * perX,
    y: (value) => PLOT.top + (y1 - value) * perY,
    left: PLOT.left,
    top: PLOT.top,
    width,
    height,
    perX,
    perY,
  };
}

/** Title, landscape, legend, charts and caption at a (fractional) playhead; `ground(context, x, y)` lays the surface. */
export function draw(context, picture, position, step, ground) {
  const { player, theme, landscape, panels, spots, words, below, height, inSpace } = picture;
  const { header } = player.payload;
  context.fillStyle = theme.background;
  context.fillRect(0, 0, WIDTH, height);
  write(context, theme.ink, `600 17px ${FONT}`, "left", header.title, EDGE, EDGE + 12);
  const where = `step ${Math.floor(position + 1e-9)} of ${player.transport.steps}`;
  write(context, theme.quiet, `14px ${FONT}`, "right", where, WIDTH - EDGE, EDGE + 12);
  ground(context, EDGE, TOP);
  if (!inSpace) {
    context.save();
    context.translate(EDGE, TOP);
    const enlarged = landscape.paint(context, mapping(landscape), position, step);
    context.restore();
    legend(context, picture, enlargement(enlarged));
  }
  context.save();
  context.translate(EDGE + SIDE + GAP, TOP);
  panels.paint(context, spots, position, step);
  context.restore();
  words.forEach(({ text, font, colour }, i) =>
    write(context, colour, font, "left", text, EDGE, TOP + below + 12 + (i + 1) * LINE - 5)
  );
}

function write(context, colour, font, align, text, x, y) {
  context.font = font;
  context.fillStyle = colour;
  context.textAlign = align;
  context.textBaseline = "alphabetic";
  context.globalAlpha = 1;
  context.fillText(text, x, y);
}

/** What the arrows are, the chips under the landscape that are on, and the names of other runs; in lines that fit. */
function legend(context, { player, theme }, magnified) {
  const { landscape } = player;
  const runs = [landscape.run, ...landscape.beside].filter(({ letter, label }) => letter && label);
  runs.sort((a, b) => a.letter.localeCompare(b.letter));
  const bold = `600 13px ${FONT}`;
  const entries = [
    ...landscape.legend().map(([name, label]) => [label, theme.text(name), bold]),
    ...runs.map(({ variant, letter, label }) => [`${letter} ${label}`, theme.variants[variant], bold]),
    [magnified, theme.quiet, `12px ${FONT}`],
  ];
  let [x, y] = [EDGE + PLOT.left, TOP + SIDE + 15];
  for (const [label, colour, font] of entries) {
    context.font = font;
    const { width } = context.measureText(label);
    if (x + width > EDGE + SIDE) [x, y] = [EDGE + PLOT.left, y + LINE];
    write(context, colour, font, "left", label, x, y);
    x += width + 18;
  }
}

/** What the run did, and where to find it again, in lines that fit. */
function caption({ payload: { header }, several }, theme) {
  const [bold, plain, small] = [`600 13px ${FONT}`, `13px ${FONT}`, `12px ${FONT}`];
  const link = linkOf(header);
  return [
    ...wrapped((several ? header.sentences : header.runs[0].diagnosis).join(" "), bold, theme.ink, /(?<= )/),
    ...wrapped(several ? header.line : header.runs[0].summary, plain, theme.ink, /(?<= )/),
    ...wrapped(link, small, theme.quiet, /(?<=[&?,])/),
  ];
}

function wrapped(text, font, colour, between) {
  const context = new SvgContext(0, 0);
  context.font = font;
  const lines = [];
  for (const part of text.split(between)) {
    const last = lines.at(-1);
    if (last !== undefined && context.measureText(last + part).width <= WIDTH - 2 * EDGE) {
      lines[lines.length - 1] += part;
    } else if (part) lines.push(part);
  }
  return lines.map((line) => ({ text: line.trimEnd(), font, colour }));
}

/** The picture at the playhead as SVG text. */
export async function svgPicture(player) {
  const picture = await prepare(player);
  const context = new SvgContext(WIDTH, picture.height);
  const ground = (target, x, y) => target.embed(picture.ground, x, y, SIDE, SIDE);
  draw(context, picture, player.transport.position, player.transport.shown, ground);
  return context.toString();
}

/** The picture at the playhead as a PNG, two pixels for each of the SVG's. */
export async function pngPicture(player) {
  const svg = await svgPicture(player);
  const image = await loaded(svg);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [2 * image.naturalWidth, 2 * image.naturalHeight];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

/** An image of an SVG's text. */
export async function loaded(svg) {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  await image.decode();
  URL.revokeObjectURL(image.src);
  return image;
}

export { SIDE };
