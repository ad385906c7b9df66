// Where a grid of values crosses a level: marching squares.

/**
 * Pieces of the level's line in n rows of n values, each from [x, y] to [x, y] in columns and rows of the grid. A cell
 * with a corner that is no finite number has none.
 * @type {(data: ArrayLike<number>, n: number, level: number) => Generator<[number[], number[]]>}
 */
export function* levelLines(data, n, level) {
  for (let row = 0; row < n - 1; row++) {
    for (let column = 0; column < n - 1; column++) {
      const first = row * n + column;
      const values = [data[first], data[first + 1], data[first + n + 1], data[first + n]];
      const crossings = values.every(Number.isFinite) ? crossingsOf(values, level, column, row) : [];
      for (let i = 0; i + 1 < crossings.length; i += 2) yield [crossings[i], crossings[i + 1]];
    }
  }
}

/** @type {(values: number[], level: number, column: number, row: number) => number[][]} on a cell's edges, around it */
function crossingsOf(values, level, column, row) {
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
