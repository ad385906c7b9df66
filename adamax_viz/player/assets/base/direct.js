// One request to the server itself, and what came of it.

const NOBODY = new Set([502, 503, 504]); // a proxy found no server, or the server has no time
const LATEST = 30; // seconds that a busy server may put us off at most

/**
 * A payload; or a refusal, whose words the session says; or no answer, with the words and the seconds of a server that
 * has no time now.
 * @typedef {{bytes?: Uint8Array<ArrayBuffer>, refused?: true, words?: string, seconds?: number}} Reply
 */

/** @type {(address: string, patience: number) => Promise<Reply>} within so many milliseconds */
export async function ask(address, patience) {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(patience) });
    const isText = answer.headers.get("content-type")?.startsWith("text/") ?? false;
    if (NOBODY.has(answer.status)) return await putOff(answer, isText);
    if (!answer.ok || isText) return { refused: true };
    return { bytes: new Uint8Array(await answer.arrayBuffer()) };
  } catch {
    return {}; // nobody is there, or not in time
  }
}

/** @type {(answer: Response, isText: boolean) => Promise<Reply>} of a busy server, or of a proxy that found none */
async function putOff(answer, isText) {
  if (answer.status !== 503) return {};
  const seconds = Number(answer.headers.get("retry-after"));
  const isSentence = isText && !answer.headers.get("content-type")?.startsWith("text/html");
  const words = isSentence ? (await answer.text()).trim() : "";
  return { words: words || undefined, seconds: seconds > 0 ? Math.min(seconds, LATEST) : undefined };
}
