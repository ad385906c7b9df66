// A canvas context that writes SVG: what people take home is drawn by the code that draws the screen.

const ruler = document.createElement("canvas").getContext("2d"); // knows how wide words are
const START = {
  strokeStyle: "#000",
  fillStyle: "#000",
  lineWidth: 1,
  globalAlpha: 1,
  font: "10px sans-serif",
  textAlign: "left",
  textBaseline: "alphabetic",
  lineJoin: "miter",
  dash: "",
  inside: "",
  x: 0,
  y: 0,
};
const ANCHOR = { left: "start", center: "middle", right: "end" };
const DROP = { alphabetic: 0, middle: 0.35, top: 0.8 }; // parts of the size: viewers disagree about dominant-baseline

const short = (value) => String(Math.round(value * 100) / 100);
const escaped = (text) =>
  String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** What the player's drawing code asks of a context, as SVG elements in the order they are drawn. */
export class SvgContext {
  constructor(width, height) {
    Object.assign(this, START, { width, height, parts: [], path: [], stack: [], clips: 0 });
  }

  save() {
    this.stack.push(Object.fromEntries(Object.keys(START).map((name) => [name, this[name]])));
  }

  restore() {
    Object.assign(this, this.stack.pop());
  }

  translate(x, y) {
    this.x += x;
    this.y += y;
  }

  setLineDash(dash) {
    this.dash = dash.join(" ");
  }

  beginPath() {
    this.path = [];
  }

  at(x, y) {
    return `${short(x + this.x)} ${short(y + this.y)}`;
  }

  moveTo(x, y) {
    this.path.push(`M${this.at(x, y)}`);
  }

  lineTo(x, y) {
    this.path.push(`L${this.at(x, y)}`);
  }

  closePath() {
    this.path.push("z");
  }

  rect(x, y, width, height) {
    this.path.push(`M${this.at(x, y)}h${short(width)}v${short(height)}h${short(-width)}z`);
  }

  /** Whole circles only: nothing here draws another arc. */
  arc(x, y, radius) {
    const turn = `a${short(radius)} ${short(radius)} 0 1 0 `;
    this.path.push(`M${this.at(x - radius, y)}${turn}${short(2 * radius)} 0${turn}${short(-2 * radius)} 0z`);
  }

  clip() {
    const name = `clip${++this.clips}`;
    this.parts.push(`<clipPath id="${name}"${this.within()}><path d="${this.path.join("")}"/></clipPath>`);
    this.inside = name;
  }

  within() {
    return this.inside ? ` clip-path="url(#${this.inside})"` : "";
  }

  add(tag, attributes, body = "") {
    const faint = this.globalAlpha < 1 ? ` opacity="${short(this.globalAlpha)}"` : "";
    this.parts.push(`<${tag} ${attributes}${faint}${this.within()}${body ? `>${body}</${tag}>` : "/>"}`);
  }

  stroke() {
    if (!this.path.length) return;
    const dash = this.dash ? ` stroke-dasharray="${this.dash}"` : "";
    const style =
      `fill="none" stroke="${this.strokeStyle}" stroke-width="${this.lineWidth}" stroke-linejoin="${this.lineJoin}"${dash}`;
    this.add("path", `d="${this.path.join("")}" ${style}`);
  }

  fill() {
    if (this.path.length) this.add("path", `d="${this.path.join("")}" fill="${this.fillStyle}"`);
  }

  strokeRect(...box) {
    this.beginPath();
    this.rect(...box);
    this.stroke();
  }

  fillRect(...box) {
    this.beginPath();
    this.rect(...box);
    this.fill();
  }

  measureText(text) {
    ruler.font = this.font;
    return ruler.measureText(text);
  }

  fillText(text, x, y) {
    const [, weight, size, family] = this.font.match(/^(?:(\w+) )?([\d.]+)px (.*)$/);
    const down = DROP[this.textBaseline] * Number(size);
    const style = `font-family="${escaped(family)}" font-size="${size}"${weight ? ` font-weight="${weight}"` : ""}`;
    const place = `x="${short(x + this.x)}" y="${short(y + down + this.y)}" text-anchor="${ANCHOR[this.textAlign]}"`;
    this.add("text", `${place} ${style} fill="${this.fillStyle}"`, escaped(text));
  }

  /** Another SVG of its own size, or a picture by its data URL, at a place of this one. */
  embed(source, x, y, width, height) {
    const corner = `x="${short(x + this.x)}" y="${short(y + this.y)}"`;
    if (source.startsWith("<svg")) this.parts.push(source.replace("<svg", `<svg ${corner}`));
    else this.add("image", `${corner} width="${width}" height="${height}" href="${source}"`);
  }

  toString() {
    const size = `width="${this.width}" height="${this.height}" viewBox="0 0 ${this.width} ${this.height}"`;
    return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${this.parts.join("\n")}</svg>`;
  }
}
