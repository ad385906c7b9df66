// What a training's modules hand to each other: the payload's header, pictures, weights.

/**
 * @import { ArrayOf, CommonHeader, LineHeader, PanelHeader, Values } from "../../base/types.js"
 * @import { Pair, RunHeader, Theme } from "../../base/types.js"
 *
 * @typedef {{name: string, first: number, size: number, shape: number[]}} Variable of the model: columns of theta
 *
 * @typedef {{name: string, inputs: number, outputs: number, kernel: number, bias: number | null}} Layer
 * @typedef {{nodes: number[], layers: Layer[]}} NetworkHeader the layers with the first columns of their weights
 * @typedef {(column: number) => {part: number, value: number}} WeightOf `part` of the largest of its variable
 *
 * @typedef {{text: string, mark: string, colour: string, label?: number}} Sign a sign and a word under the picture
 *
 * @typedef {object} PictureHeader what the model is asked, and what it says at some steps
 * @property {"classes" | "plane" | "curve" | "signal" | "pictures" | "codes"} kind
 * @property {string} title
 * @property {string} words
 * @property {number} low what byte 0 stands for
 * @property {number} high what byte 255 stands for
 * @property {string[]} labels
 * @property {{key: string, dash: number[]}[]} others the same from other weights
 * @property {Sign[]} legend
 *
 * @typedef {{frame: Values, colour: string, width?: number, dash?: number[]}} Curve what some weights say
 *
 * @typedef {object} Answers at the playhead, with the data; `frame` is null before training
 * @property {ArrayOf} at where it is asked
 * @property {ArrayOf} points
 * @property {ArrayOf} validation
 * @property {Values | null} frame
 * @property {Curve[]} curves of other weights
 * @property {Theme} theme
 *
 * @typedef {(canvas: HTMLCanvasElement, picture: PictureHeader & Answers) => void} DrawPicture
 *
 * @typedef {{quantity: string, symbol: string, low: number, high: number, logarithmic: boolean}} HeatMap
 *
 * @typedef {Omit<Variable, "shape"> & {row: number, rows: number, branch: number | null}} Band a variable's rows in a
 *     heat map; `branch` is the part of its updates in which |g| won the max
 *
 * @typedef {{basis: string | null, kinds: Record<string, string>, words: string, x: Pair, y: Pair}} PlaneHeader the
 *     loss on a plane; `basis` is null as long as there is none
 *
 * @typedef {LineHeader & {at?: string, upper?: string}} SparseLine known at the steps of the array `at`
 * @typedef {Omit<PanelHeader, "lines"> & {lines: SparseLine[]}} SparseChart
 *
 * @typedef {"windows" | "scaled" | "scale" | "ema_momentum" | "constants" | "ledger"} Steered on the way
 * @typedef {Pick<RunHeader, Steered> & {first: number}} Segment a stretch of the training under the same settings
 *
 * @typedef {{exact: boolean, note: string, panels: PanelHeader[], segments: Segment[]}} Picking `exact`: every step
 *
 * @typedef {object} Trained
 * @property {number} steps
 * @property {number} windows
 * @property {string} key
 * @property {boolean} live
 * @property {number[]} picked
 * @property {Variable[]} variables
 * @property {NetworkHeader | null} network
 * @property {Record<"heat" | "network" | "norms", string>} notes
 * @property {string[]} words
 * @property {PictureHeader} picture
 * @property {SparseChart[]} charts
 * @property {SparseChart[]} norms
 * @property {{columns: number, rows: number, bands: Band[], maps: HeatMap[]}} heat
 * @property {PlaneHeader} plane
 * @property {Omit<RunHeader, Steered> & Picking} pick the picked weights as a run
 *
 * @typedef {CommonHeader & Trained} TrainingHeader
 */

export {};
