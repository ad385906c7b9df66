// What the model says over the plane of its two inputs, with the data: probabilities of labels, or values.

import { begin, clipTo, drawLevel, finish, makeImage, makeSpot, mark, rgb } from "../../base/plot.js";

export function drawBoundary(canvas, picture, frame, theme, others) {
  const { at, labels, low, high } = picture;
  const n = at.columns;
  const [xs, ys] = [at.data.subarray(0, n), at.data.subarray(n)];
  const spot = makeSpot(canvas, [xs[0], xs[n - 1]], [ys[0], ys[n - 1]]);
  const context = begin(canvas, spot, theme);
  if (frame) {
    const paint = labels.length > 2 ? severalLabels(frame, theme) : oneValue(frame, theme);
    const upright = (i) => (n - 1 - Math.floor(i / n)) * n + (i % n); // rows of the grid go up, of a picture down
    const image = makeImage(n, n, (i) => paint(upright(i)));
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    clipTo(context, spot, () => {
      // Grid points are the centres of the picture's pixels.
      const [w, hgt] = [(spot.width * n) / (n - 1), (spot.height * n) / (n - 1)];
      context.drawImage(image, spot.left - (w - spot.width) / 2, spot.top - (hgt - spot.height) / 2, w, hgt);
      if (labels.length === 2) {
        // Where both labels are as probable.
        for (const { frame: values, colour, dash } of [...others, { frame, colour: theme.ink, dash: [] }]) {
          context.strokeStyle = colour;
          context.lineWidth = 1.8;
          context.setLineDash(dash);
          drawLevel(context, values, n, 127.5, spot);
        }
        context.setLineDash([]);
      }
    });
  }
  clipTo(context, spot, () => {
    const colour = labels.length
      ? (value) => theme.labels[value % theme.labels.length]
      : (value) => mixed(theme, (value - low) / (high - low));
    for (const [points, hollow] of [[picture.points, false], [picture.validation, true]]) {
      for (let i = 0; i < points.data.length; i += 3) {
        const [x, y, value] = points.data.subarray(i, i + 3);
        mark(context, labels.length ? value : 0, spot.x(x), spot.y(y), colour(value), {
          hollow,
          rim: theme.background,
        });
      }
    }
  });
  finish(context, spot, theme);
}

/** The second label's probability, or a value: from one sign's colour over nothing to the other's. */
function oneValue(frame, theme) {
  const [minus, plus] = [rgb(theme.signs.minus), rgb(theme.signs.plus)];
  return (i) => {
    const part = (frame[i] / 255 - 0.5) * 2;
    return [...(part < 0 ? minus : plus), 115 * Math.abs(part)];
  };
}

function severalLabels(frame, theme) {
  const colours = theme.labels.map(rgb);
  return (i) => [...colours[frame[2 * i] % colours.length], 0.45 * frame[2 * i + 1]];
}

function mixed(theme, part) {
  const [a, b] = [rgb(theme.signs.minus), rgb(theme.signs.plus)];
  const t = Math.min(1, Math.max(0, part));
  return `rgb(${a.map((v, i) => Math.round(v + (b[i] - v) * t)).join(" ")})`;
}
