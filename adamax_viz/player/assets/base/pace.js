// Work that need not be done in every frame.

/**
 * Whether it is time again: while something plays only every so many milliseconds, at rest always.
 * @param {number} every
 * @returns {(playing: boolean) => boolean}
 */
export function paced(every) {
  let last = -Infinity;
  return (playing) => {
    const now = performance.now();
    if (playing && now - last < every) return false;
    last = now;
    return true;
  };
}
