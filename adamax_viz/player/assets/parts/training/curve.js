// One number over another: a fitted curve with its points, or a signal and what the model makes of it.

import { begin, clipTo, finish, line, makeSpot, mark } from "../../base/plot.js";

const values = (picture, frame) =>
  Array.from(frame, (byte) => picture.low + ((picture.high - picture.low) * byte) / 255);

export function drawCurve(canvas, picture, frame, theme, others) {
  const xs = picture.at.data;
  const spot = makeSpot(canvas, [xs[0], xs.at(-1)], [picture.low, picture.high]);
  const context = begin(canvas, spot, theme);
  clipTo(context, spot, () => {
    for (const [points, hollow] of [[picture.points, false], [picture.validation, true]]) {
      for (let i = 0; i < points.data.length; i += 2) {
        mark(context, 0, spot.x(points.data[i]), spot.y(points.data[i + 1]), theme.quiet, {
          hollow,
          radius: 2.8,
          rim: theme.background,
        });
      }
    }
    for (const other of others) drawLine(context, picture, other, xs, spot, theme);
    if (frame) drawLine(context, picture, { frame, colour: theme.ink, width: 2.4 }, xs, spot, theme);
  });
  finish(context, spot, theme);
}

/** What is heard, what should be said, and what is said, over time. */
export function drawSignal(canvas, picture, frame, theme, others) {
  const xs = Float32Array.from(picture.at.data);
  const { data } = picture.points;
  const column = (which) => Array.from(xs, (_, i) => data[2 * i + which]);
  const spot = makeSpot(canvas, [0, xs.length - 1], [picture.low, picture.high]);
  const context = begin(canvas, spot, theme);
  const path = (ys, colour, width, dash = []) => {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.setLineDash(dash);
    line(context, Array.from(xs, (x, i) => [spot.x(x), spot.y(ys[i])]));
    context.setLineDash([]);
  };
  clipTo(context, spot, () => {
    context.globalAlpha = 0.45;
    path(column(0), theme.quiet, 0.8);
    context.globalAlpha = 1;
    path(column(1), theme.minimum, 3);
    for (const other of others) drawLine(context, picture, other, xs, spot, theme);
    if (frame) drawLine(context, picture, { frame, colour: theme.ink, width: 1.6 }, xs, spot, theme);
  });
  finish(context, spot, theme);
}

function drawLine(context, picture, { frame, colour, width = 1.8, dash = [] }, xs, spot) {
  const ys = values(picture, frame);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.setLineDash(dash);
  line(context, ys.map((y, i) => [spot.x(xs[i]), spot.y(y)]));
  context.setLineDash([]);
}

/** Points, and where the model puts them: a thin line joins the two. */
export function drawCodes(canvas, picture, frame, theme) {
  const range = [picture.low, picture.high];
  const spot = makeSpot(canvas, range, range);
  const context = begin(canvas, spot, theme);
  const { data } = picture.points;
  clipTo(context, spot, () => {
    for (let i = 0; i < data.length; i += 2) {
      const [x, y] = [spot.x(data[i]), spot.y(data[i + 1])];
      mark(context, 0, x, y, theme.quiet, { hollow: true, radius: 4.6, rim: theme.background });
      if (!frame) continue;
      const [a, b] = values(picture, frame.subarray(i, i + 2));
      context.strokeStyle = theme.quiet;
      context.lineWidth = 0.9;
      line(context, [[x, y], [spot.x(a), spot.y(b)]]);
      mark(context, 0, spot.x(a), spot.y(b), theme.ink, { radius: 2.4, rim: theme.background });
    }
  });
  finish(context, spot, theme);
}
