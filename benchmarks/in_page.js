// What the benchmarks do inside a page. The app's page and the plain one answer to the same names.
window.bench = {
  get root() {
    return document.querySelector(".al-player");
  },

  get state() {
    return this.root.parentElement.player.state();
  },

  frame: () => new Promise(requestAnimationFrame),

  pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),

  /** What stands on the screen: the player's query, or a number that another path on the plain page changes. */
  shown() {
    if (this.root) return this.root.dataset.query;
    const traces = document.querySelector(".js-plotly-plot")?._fullData ?? [];
    return traces.find((trace) => trace.name === "path θ")?.x.reduce((a, b) => a + b, 0);
  },

  /** The time of the first frame after one that showed something else than `before`. */
  async repainted(before) {
    const limit = performance.now() + 20000;
    while ([before, undefined].includes(this.shown())) {
      if ((await this.frame()) > limit) throw new Error("nothing new was painted in 20 s");
    }
    await this.frame();
    return this.frame();
  },

  /** Milliseconds from an action to its path on the screen. */
  async latency(act) {
    const [before, from] = [this.shown(), performance.now()];
    act();
    return (await this.repainted(before)) - from;
  },

  /** The same from the next event of a kind that comes from mouse or keyboard; the answer waits in `pending`. */
  arm(kind) {
    const before = this.shown();
    this.pending = new Promise((resolve, reject) => {
      const heard = ({ timeStamp }) => this.repainted(before).then((now) => resolve(now - timeStamp), reject);
      document.addEventListener(kind, heard, { capture: true, once: true });
    });
  },

  /** Move the thumb of the learning rate to places of its slider, one after the other. */
  async slide(places, pause) {
    const slider = this.root.querySelector('[data-knob="learning_rate"] input[type="range"]');
    const times = [];
    for (const place of places) {
      times.push(await this.latency(() => this.set(slider, place)));
      if (pause) await this.pause(pause);
    }
    slider.dispatchEvent(new Event("change"));
    return times;
  },

  set(input, value) {
    input.value = value;
    input.dispatchEvent(new Event("input"));
  },

  /** Times of the frames while `goOn(milliseconds)` holds, and how often the player drew meanwhile. */
  async watch(goOn) {
    const drawn = this.root ? this.state.frames : 0;
    const from = await this.frame();
    const stamps = [from];
    while (goOn(stamps.at(-1) - from)) stamps.push(await this.frame());
    return { stamps, draws: this.root ? this.state.frames - drawn : stamps.length - 1 };
  },

  idle(milliseconds) {
    return this.watch((now) => now < milliseconds);
  },

  /** Play from the first step to the last. */
  play(speed) {
    const select = this.root.querySelector(".al-speed");
    select.value = speed;
    select.dispatchEvent(new Event("change"));
    this.root.querySelector(".al-play").click();
    return this.watch((now) => this.state.playing && now < 20000);
  },

  /** Move the scrubber to and fro at every frame. */
  scrub(milliseconds) {
    const scrubber = this.root.querySelector(".al-scrub");
    const top = Number(scrubber.max);
    return this.watch((now) => {
      const part = (now / 1500) % 2;
      this.set(scrubber, Math.round(top * Math.min(part, 2 - part)));
      return now < milliseconds;
    });
  },

  /** Count the answers that arrive from now on. */
  count() {
    this.answers = new Set();
    const note = () => this.answers.add(this.root.dataset.answered);
    new MutationObserver(note).observe(this.root, { attributeFilter: ["data-answered"] });
  },
};
