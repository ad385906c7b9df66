// The network: a column of nodes for each layer, a line for each weight, as wide as it is large, coloured by its sign.

import { cleared, format } from "../../base/dom.js";
import { isFitted, line, makeStage } from "../../base/plot.js";

const MARGIN = { x: 34, top: 22, bottom: 16 };
const NEAR = 7; // pixels within which a click takes an edge

export class Network {
  /** `onPick(column)` when a weight is clicked. */
  constructor({ onPick }) {
    Object.assign(this, makeStage("The network: a line for each weight"));
    this.onPick = onPick;
    this.hovered = null;
    this.canvas.addEventListener("pointermove", (event) => {
      this.hovered = this.find(event);
      this.redraw?.();
    });
    this.canvas.addEventListener("pointerleave", () => {
      this.hovered = null;
      this.redraw?.();
    });
    this.canvas.addEventListener("click", (event) => {
      const edge = this.find(event);
      if (edge) this.onPick(edge.column);
    });
  }

  /** `weightsAt(position)` gives the weights at the playhead as a function of the column, or null. */
  update(network, weightsAt, theme, name) {
    Object.assign(this, { network, weightsAt, theme, name, shown: null });
    this.element.setAttribute(
      "aria-label",
      `The network: ${
        network.nodes.join(", ")
      } nodes from inputs to outputs; a line's width is the weight's size, its colour the sign.`,
    );
    this.place();
  }

  place() {
    const { nodes, layers } = this.network;
    const [width, height] = [this.canvas.clientWidth, this.canvas.clientHeight];
    const x = (column) => MARGIN.x + (column / Math.max(1, nodes.length - 1)) * (width - 2 * MARGIN.x);
    const free = height - MARGIN.top - MARGIN.bottom;
    this.nodes = nodes.map((count, column) =>
      Array.from({ length: count }, (_, i) => [x(column), MARGIN.top + ((i + 0.5) / count) * free])
    );
    this.radius = Math.max(2, Math.min(8, free / Math.max(...nodes) / 2.6));
    this.edges = layers.flatMap(({ inputs, outputs, kernel }, l) =>
      Array.from({ length: inputs * outputs }, (_, e) => ({
        column: kernel + e,
        from: this.nodes[l][Math.floor(e / outputs)],
        to: this.nodes[l + 1][e % outputs],
      }))
    );
  }

  find(event) {
    if (!this.edges) return null;
    const box = this.canvas.getBoundingClientRect();
    const point = [event.clientX - box.left, event.clientY - box.top];
    let [best, least] = [null, NEAR];
    for (const edge of this.edges) {
      const away = distance(point, edge.from, edge.to);
      if (away < least) [best, least] = [edge, away];
    }
    return best;
  }

  draw(position, picked) {
    if (!this.network) return;
    const weights = this.weightsAt(position);
    const { canvas, theme } = this;
    // Thousands of lines: only where something has changed.
    const shown = [weights?.row, picked, this.hovered?.column, canvas.clientWidth, canvas.clientHeight].join();
    if (shown === this.shown) return;
    const context = cleared(canvas);
    this.shown = isFitted(canvas) ? shown : null;
    const sized = this.edges.map((edge) => [edge, weights?.of(edge.column).part ?? 0]);
    for (const [edge, part] of sized.sort((a, b) => Math.abs(a[1]) - Math.abs(b[1]))) {
      context.strokeStyle = weights ? (part < 0 ? theme.signs.minus : theme.signs.plus) : theme.quiet;
      context.globalAlpha = weights ? 0.12 + 0.88 * Math.min(1, Math.abs(part)) : 0.25;
      context.lineWidth = weights ? 0.4 + 4.6 * Math.min(1, Math.abs(part)) : 0.7;
      line(context, [edge.from, edge.to]);
    }
    context.globalAlpha = 1;
    for (const edge of this.edges) {
      if (picked.includes(edge.column) || edge.column === this.hovered?.column) this.emphasise(context, edge, picked);
    }
    this.drawNodes(context, weights);
    this.say(context, weights);
  }

  emphasise(context, edge, picked) {
    context.strokeStyle = this.theme.ink;
    context.lineWidth = 1.6;
    context.setLineDash(picked.indexOf(edge.column) === 1 ? [5, 3] : []);
    line(context, [edge.from, edge.to]);
    context.setLineDash([]);
  }

  drawNodes(context, weights) {
    const { theme } = this;
    this.nodes.forEach((column, c) => {
      const bias = c > 0 ? this.network.layers[c - 1].bias : null;
      column.forEach(([x, y], i) => {
        const part = weights && bias !== null ? weights.of(bias + i).part : 0;
        context.beginPath();
        context.arc(x, y, this.radius, 0, 2 * Math.PI);
        context.fillStyle = theme.background;
        context.fill();
        context.globalAlpha = Math.min(1, Math.abs(part));
        context.fillStyle = part < 0 ? theme.signs.minus : theme.signs.plus;
        context.fill();
        context.globalAlpha = 1;
        context.strokeStyle = theme.quiet;
        context.lineWidth = 1;
        context.stroke();
      });
    });
    context.fillStyle = theme.quiet;
    context.font = `11px ${theme.font}`;
    context.textBaseline = "middle";
    const names = ["inputs", ...this.network.layers.map((layer) => layer.name)];
    names.forEach((name, c) => {
      context.textAlign = c === 0 ? "left" : c === names.length - 1 ? "right" : "center";
      const edge = c === 0 ? -MARGIN.x + 4 : c === names.length - 1 ? MARGIN.x - 4 : 0;
      context.fillText(name, this.nodes[c][0][0] + edge, 9);
    });
  }

  /** Name and value of the weight under the pointer. */
  say(context, weights) {
    if (!this.hovered) return;
    const { theme } = this;
    const { column } = this.hovered;
    const text = weights ? `${this.name(column)} ≈ ${format(weights.of(column).value, 3)}` : this.name(column);
    context.font = `11px ${theme.font}`;
    const width = context.measureText(text).width + 12;
    const y = this.canvas.clientHeight - 16;
    context.fillStyle = theme.panel;
    context.fillRect(4, y - 10, width, 20);
    context.fillStyle = theme.ink;
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.fillText(text, 10, y);
  }
}

function distance([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const t = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}
