// What a training's modules hand to each other: the payload's header, pictures, heat maps, the network's weights.

/** @import { ArrayOf, CommonHeader, LedgerRow, Line, LineHeader, PanelHeader, RunHeader, Values } from "../../base/types.js" */

/**
 * A weight matrix or bias of the model: its columns of theta.
 * @typedef {{name: string, first: number, size: number, shape: number[]}} Variable
 */

/** @typedef {{name: string, inputs: number, outputs: number, kernel: number, bias: number | null}} Layer */

/**
 * Numbers of nodes, and between them layers with the first columns of their weights.
 * @typedef {{nodes: number[], layers: Layer[]}} NetworkHeader
 */

/**
 * A sign and a word under the picture.
 * @typedef {{text: string, mark: "line" | "dashed" | "dots" | "hollow" | "label", colour: string, label?: number}} Sign
 */

/**
 * What the model is asked, and what it says at some steps.
 * @typedef {object} PictureHeader
 * @property {"classes" | "plane" | "curve" | "signal" | "pictures" | "codes"} kind
 * @property {string} title
 * @property {string} words
 * @property {number} low what byte 0 stands for
 * @property {number} high what byte 255 stands for
 * @property {string[]} labels
 * @property {{key: string, dash: number[]}[]} others the same from other weights
 * @property {Sign[]} legend
 */

/** @typedef {PictureHeader & {at: ArrayOf, points: ArrayOf, validation: ArrayOf}} Picture */

/**
 * What one kind of weights says at the playhead.
 * @typedef {{frame: Values, colour: string, width?: number, dash?: number[]}} Curve
 */

/**
 * The rows of one variable in a heat map. `branch` is the part of its updates in which |g| won the max.
 * @typedef {{name: string, row: number, rows: number, first: number, size: number,
 *   branch: number | null}} Band
 */

/** @typedef {{quantity: string, symbol: string, low: number, high: number, logarithmic: boolean}} HeatMapHeader */

/** @typedef {HeatMapHeader & {pixels: Values}} HeatMap */

/** @typedef {{columns: number, rows: number, bands: Band[], maps: HeatMapHeader[]}} HeatHeader */

/** @typedef {Omit<HeatHeader, "maps"> & {maps: HeatMap[]}} Heat */

/**
 * The loss on a plane; `basis` is null as long as there is none.
 * @typedef {object} PlaneHeader
 * @property {string | null} basis
 * @property {Record<string, string>} kinds
 * @property {string} words
 * @property {[number, number]} x
 * @property {[number, number]} y
 */

/** @typedef {PlaneHeader & {shade: ArrayOf, path: ArrayOf, at: Values}} Plane */

/**
 * A line whose values are known at the steps of the array `at`.
 * @typedef {LineHeader & {at?: string, upper?: string, variant?: number}} SparseLine
 */

/** @typedef {Omit<PanelHeader, "lines"> & {lines: SparseLine[]}} SparseChart */

/**
 * A stretch of the training under the same settings.
 * @typedef {object} Segment
 * @property {number} first
 * @property {number} windows
 * @property {boolean} scaled
 * @property {number | null} scale
 * @property {number} ema_momentum
 * @property {Record<string, number>} constants
 * @property {LedgerRow[]} ledger
 */

/**
 * The picked weights as a run; `exact` if every step was kept.
 * @typedef {Omit<RunHeader, keyof Segment> & {
 *   steps: number, exact: boolean, note: string, panels: PanelHeader[], segments: Segment[],
 * }} PickHeader
 */

/**
 * @typedef {CommonHeader & {
 *   steps: number,
 *   windows: number,
 *   key: string,
 *   live: boolean,
 *   picked: number[],
 *   variables: Variable[],
 *   network: NetworkHeader | null,
 *   notes: Record<"heat" | "network" | "norms", string>,
 *   words: string[],
 *   picture: PictureHeader,
 *   charts: SparseChart[],
 *   norms: SparseChart[],
 *   heat: HeatHeader,
 *   plane: PlaneHeader,
 *   pick: PickHeader,
 * }} TrainingHeader
 */

/**
 * A weight: its value, and which part of the largest of its variable that is.
 * @typedef {{part: number, value: number}} Weight
 */

/**
 * The weights of one picture, by column.
 * @typedef {{row: number, of: (column: number) => Weight}} Weights
 */

/** @typedef {(column: number) => string} NameOf */

export {};
