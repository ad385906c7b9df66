// Nobody answers: when it is worth asking again, and when it has lasted long enough to be said.

/** @typedef {"server" | "session" | "connection"} Whom those who may answer: the server directly, and the page's session */

export const WORDS = "The server does not answer; what you move is kept here and told as soon as it is back.";
const SAID_AFTER = 2500; // milliseconds; a shorter silence is nobody's business
const [SOON, LATE] = [500, 8000]; // milliseconds between two attempts, at first and at last

export class Silence {
  /** @type {Map<Whom, {tries: number, words: string}>} those who are silent */
  silent = new Map();
  lasting = 0; // a timer
  said = false; // whether the silence has been told

  /** @param {(words: string) => void} say shows a sentence; nothing is left to say if it is empty */
  constructor(say) {
    this.say = say;
  }

  /** @type {(whom: Whom, words?: string) => number} no answer; milliseconds after which to ask again */
  of(whom, words = WORDS) {
    const before = this.silent.get(whom);
    const tries = before?.tries ?? 0;
    this.silent.set(whom, { tries: tries + 1, words });
    if (this.said && before && before.words !== words) this.tell();
    this.lasting ||= setTimeout(() => this.tell(), SAID_AFTER);
    return Math.min(SOON * 2 ** tries, LATE);
  }

  /** @param {Whom} whom has answered */
  over(whom) {
    if (!this.silent.delete(whom)) return;
    if (!this.silent.size) this.end();
    else if (!this.said) return;
    this.tell();
  }

  end() {
    this.silent.clear();
    clearTimeout(this.lasting);
    this.lasting = 0;
    this.said = false;
  }

  /** What the first who is silent says of it; nothing if nobody is. */
  tell() {
    const [words = ""] = [...this.silent.values()].map((each) => each.words);
    this.said = words !== "";
    this.say(words);
  }
}
