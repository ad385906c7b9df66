// What a page asks of the player: which parts it shows, what it points at, where it starts, a prediction, presenting.

import { Ask } from "./ask.js";
import { Present } from "./present.js";

const PLAYED_IN = 2.5; // seconds from a prediction to its outcome
const WATCHED_IN = 8; // seconds that a scene's run takes when it is played

/** Another run's weights as the landscape draws them. */
function path({ data, columns }) {
  const theta = (k, d) => data[k * columns + d];
  const steps = data.length / columns - 1;
  const between = (values, position) => {
    const [whole, part] = [Math.floor(position), position % 1];
    return [0, 1].map((d) => values(whole, d) + (part && (values(whole + 1, d) - values(whole, d)) * part));
  };
  return { theta, steps, between };
}

export class Scene {
  constructor(player) {
    this.player = player;
    this.options = {};
    this.across = player.panels.across;
    this.ask = new Ask(player.landscape, (point) => player.channel.request({ answer: point }, true));
    this.present = new Present(player);
    this.parts = {
      knobs: [player.knobs.element, player.knobs.note],
      tabs: [player.tablist],
      chooser: [player.chooser],
      landscape: [player.left],
      panels: [player.right],
      transport: [player.transport.element],
      words: [player.words],
      ledger: [player.ledger.element],
    };
  }

  /** Take the options of a payload; one without them leaves everything as it is. */
  set(options) {
    if (!options) return;
    const { player, parts } = this;
    const last = this.options;
    this.options = options;
    const show = options.show ?? null;
    const shown = (name) => show === null || show.includes(name);
    for (const [name, elements] of Object.entries(parts)) {
      for (const element of elements) element.classList.toggle("al-off", !shown(name));
    }
    player.bar.classList.toggle("al-off", !shown("tabs") && !shown("chooser"));
    const { dataset } = player.root;
    dataset.layout = !shown("panels")
      ? (shown("ledger") && shown("landscape") ? "ledger" : "landscape")
      : shown("landscape")
      ? ""
      : "panels";
    dataset.scene = options.scene ? "true" : "";
    dataset.present = options.present ? "true" : "";
    player.landscape.beside = (options.beside ?? []).map(({ array, label }, i) => ({
      ...path(player.payload.arrays[array]),
      label,
      letter: "BCD"[i],
      variant: i + 1,
    }));
    this.point(options.highlight);
    // Whoever can't see the picture is not told the outcome beforehand either.
    const { title, summary } = player.payload.header;
    this.asking = Boolean(options.ask) && options.ask.answer === undefined;
    dataset.asking = this.asking ? "true" : "";
    player.landscape.stage.setAttribute(
      "aria-label",
      `Landscape of ${title} with the path.${this.asking ? "" : ` ${summary}`}`,
    );
    player.landscape.stageAs({
      concealed: this.asking,
      future: options.future ?? true,
      bold: options.present ? 1.8 : 1,
    });
    Object.assign(player.panels, { concealed: this.asking, bold: options.present ? 1.4 : 1 });
    const single = options.scene && (shown("landscape") || player.charts.length === 1);
    player.panels.across = single ? () => 1 : this.across;
    this.ask.set(options.ask ?? null);
    this.present.set(options);
    this.move(last);
  }

  /** The thing that the words speak of stands out. */
  point(name) {
    const { root } = this.player;
    for (const element of root.querySelectorAll(".al-pointed")) element.classList.remove("al-pointed");
    if (!name) return;
    const knob = root.querySelector(`[data-knob="${CSS.escape(name)}"]`);
    const [part] = name === "start" ? [this.player.landscape.handle] : knob ? [knob] : (this.parts[name] ?? []);
    part?.classList.add("al-pointed");
  }

  /** A new scene begins at its step; an answer lets the run go on from there. */
  move(last) {
    const { scene } = this.options;
    if (!scene) return;
    const { transport } = this.player;
    const until = scene.until ?? transport.steps;
    const answered = Boolean(this.options.ask) && !this.asking;
    if (scene.key !== last.scene?.key) {
      this.player.landscape.begin(scene.arrows ?? null);
      transport.pause();
      transport.paceFor(WATCHED_IN);
      transport.jump(answered ? until : scene.step);
    } else if (answered && last.ask && last.ask.answer === undefined) transport.playTo(until, PLAYED_IN);
  }

  /** Whether a key was the scene's. */
  key(event) {
    return this.present.key(event, this.asking) || this.asking;
  }

  remove() {
    this.present.remove();
  }
}
