// Where a grid of values crosses a level: marching squares.

/**
 * Pieces of the level's line, each from [x, y] to [x, y] in columns and rows of the grid. A cell with a corner that is
 * no finite number has none.
 * @param {ArrayLike<number>} data n rows of n values
 * @param {number} n
 * @param {number} level
 * @returns {Generator<[number[], number[]]>}
 */
export function* levelLines(data, n, level) {
  for (let row = 0; row < n - 1; row++) {
    for (let column = 0; column < n - 1; column++) {
      const crossings = crossingsOf(data, n, level, column, row);
      for (let i = 0; i + 1 < crossings.length; i += 2) yield [crossings[i], crossings[i + 1]];
    }
  }
}

/**
 * Where the level crosses the edges of a cell, one after the other around it.
 * @param {ArrayLike<number>} data
 * @param {number} n
 * @param {number} level
 * @param {number} column
 * @param {number} row
 */
function crossingsOf(data, n, level, column, row) {
  const first = row * n + column;
  const values = [data[first], data[first + 1], data[first + n + 1], data[first + n]];
  if (!values.every(Number.isFinite)) return [];
  const corners = [[column, row], [column + 1, row], [column + 1, row + 1], [column, row + 1]];
  const crossings = [];
  for (let edge = 0; edge < 4; edge++) {
    const next = (edge + 1) % 4;
    const [a, b] = [values[edge], values[next]];
    if (a < level === b < level) continue;
    const part = (level - a) / (b - a);
    crossings.push(corners[edge].map((from, axis) => from + (corners[next][axis] - from) * part));
  }
  return crossings;
}
