// What the modules hand to each other: the payload's header and arrays, a run, its charts, the colours it is drawn in.

// -- the payload ----------------------------------------------------------------------------------------------------

/**
 * @typedef {Float64Array | Float32Array | Uint8Array} Values
 * @typedef {{data: Values, columns: number}} ArrayOf values, row after row
 * @typedef {Record<string, ArrayOf>} Arrays
 */

/**
 * @template [H=any]
 * @typedef {{header: H, arrays: Arrays}} Payload
 */

/**
 * @typedef {object} Call of Streamlit's at a component
 * @property {HTMLElement} parentElement
 * @property {Uint8Array<ArrayBuffer>} data
 * @property {(name: string, value: unknown) => void} setTriggerValue
 */

/**
 * @typedef {Record<string, unknown>} Fields what a hand changes: settings by name
 * @typedef {(fields: Fields, final: boolean) => void} OnChange `final` changes are saved in the link
 * @typedef {[number, number]} Pair a range, a point, or a place in pixels
 * @typedef {[Pair, Pair]} Area ranges of x and y
 */

/**
 * A number that responds while its thumb moves. `low` and `high` bound the slider, `least` and `most` the value.
 * @typedef {object} Knob
 * @property {string} name
 * @property {string} label
 * @property {string} help
 * @property {"linear" | "log" | "decay" | "whole"} kind
 * @property {number} low
 * @property {number} high
 * @property {number} step
 * @property {number} value
 * @property {number} default
 * @property {number | null} least
 * @property {number | null} most
 */

/**
 * @typedef {object} CommonHeader what every kind of scene has
 * @property {"runs" | "training" | "norms"} kind
 * @property {string} query the settings as a link's query
 * @property {Record<"light" | "dark", Tokens>} tokens
 * @property {Knob[]} knobs
 * @property {string[]} locked names of knobs, "start", or "all"
 * @property {number} answered the last request that this answers
 * @property {string} [session] which session answers
 * @property {string} [version] of the player's files on its server
 * @property {string[]} complaints
 * @property {Options} options
 */

/**
 * @typedef {object} Options what a page asks of the player
 * @property {string[] | null} [show] names of parts; null for all
 * @property {string | null} [highlight] a part or a knob
 * @property {Ask | null} [ask]
 * @property {boolean} [present] whether it is shown on a projector
 * @property {boolean} [future] whether the path still to come is drawn
 * @property {{array: string, label: string}[]} [beside] weights of other runs
 * @property {{key: string, step?: number, until?: number, arrows?: string[], at?: number, of?: number}} [scene]
 * @property {string[]} [take] kinds of files that are offered
 * @property {boolean} [offline] nobody answers
 * @property {number | null} [step] where to begin
 * @property {number} [autoplay] how fast to play
 */

/** @typedef {{kind: string, answer?: Pair, truth?: Pair}} Ask a prediction, and what became of it */

/**
 * A row of the ledger: its symbol, formula and numbers as MathML, with holes for the numbers of a step.
 * @typedef {object} LedgerRow
 * @property {string} key
 * @property {string} quantity whose colour it has
 * @property {string} title
 * @property {string} symbol
 * @property {string} formula
 * @property {string} numbers
 * @property {string} result the array it ends in
 * @property {"always" | "applied" | "update" | "overwrite"} when
 * @property {boolean} scalar one value for all coordinates
 */

/**
 * @typedef {object} LineHeader a line of a chart: whose, what, which coordinate ("" if none), and where its values are
 * @property {number} run its place among the runs
 * @property {string} quantity
 * @property {string} coordinate
 * @property {string} label
 * @property {string} array
 * @property {number} column
 */

/**
 * A chart without its values; `limits` are the numbers that half precision can hold.
 * @typedef {{key: string, title: string, help: string, log: boolean, limits?: Pair, lines: LineHeader[]}} PanelHeader
 */

/**
 * @typedef {object} RunHeader what is known of one run beside its arrays
 * @property {string} dtype
 * @property {number} steps
 * @property {string[]} coordinates
 * @property {string[]} moments names of the rule's arrays: ["m", "u"], ["m", "v"], …
 * @property {number} windows micro-steps of an update
 * @property {boolean} clipped
 * @property {boolean} scaled whether the loss is
 * @property {number | null} scale by how much, if always the same
 * @property {"each" | "all"} norm over one coordinate or all
 * @property {number} ema_momentum
 * @property {number} largest the longest gradient or moment
 * @property {number} [inside] the epsilon inside the max of the rule, if it has one there
 * @property {Record<string, number>} constants
 * @property {LedgerRow[]} ledger
 * @property {Pair} [start]
 * @property {number} [variant] its place among those compared
 * @property {string} [letter] "" if it is alone
 * @property {string} [label]
 * @property {string[]} [diagnosis]
 * @property {string} [summary]
 */

/** @typedef {{variant: number, letter: string, label: string, message: string}} Refused a variant that did not run */

/**
 * One run, or several over one landscape.
 * @typedef {CommonHeader & {
 *   title: string,
 *   start: Pair,
 *   window: Area,
 *   surface: SurfaceHeader,
 *   snapshots?: SurfaceHeader[],
 *   runs: RunHeader[],
 *   refused: Refused[],
 *   panels: PanelHeader[],
 *   choices: {key: string, title: string}[],
 *   chosen: string[] | null,
 *   line: string,
 *   sentences: string[],
 *   first: number | null,
 *   named: string,
 *   target: string | null,
 *   live?: boolean,
 *   link?: string,
 * }} RunsHeader
 */

// -- surfaces -------------------------------------------------------------------------------------------------------

/** @typedef {{x: number, y: number, value: number, is_global: boolean}} Minimum */

/**
 * @typedef {object} SurfaceHeader what is known of a surface beside its heights
 * @property {string} key
 * @property {boolean} moves
 * @property {number} t the step at which it is shown
 * @property {Area} domain
 * @property {number} size of its grid, along each side
 * @property {[number, number, number]} levels start, end, step
 * @property {boolean} logarithmic
 * @property {number} lowest
 * @property {number} floor
 * @property {Minimum[]} minima
 */

/** @typedef {SurfaceHeader & {shade: Values}} Surface */

// -- runs and charts ------------------------------------------------------------------------------------------------

/**
 * @typedef {(k: number, d?: number) => number} Quantity its value at step k, coordinate d; the first if none is named
 * @typedef {(k: number, d: number) => boolean} Branch whether the gradient won the max
 * @typedef {(k: number) => boolean} IsAt whether something happens at step k
 */

/**
 * A path as the landscape draws it; among several it has a letter. `between`: at a fractional step.
 * @typedef {(values: Quantity, position: number) => number[]} Between
 * @typedef {Pick<RunHeader, "steps" | "variant" | "letter" | "label"> & {theta: Quantity, between: Between}} Path
 */

/**
 * A run as landscape, charts and ledger ask it. Its rule keeps m, and u or v.
 * @typedef {RunHeader & Path & Record<"loss" | "grad" | "grad_clipped" | "m" | "step" | "ema" | "rate", Quantity> & {
 *   u?: Quantity,
 *   v?: Quantity,
 *   arrays: Arrays,
 *   hasEma: boolean,
 *   update: (k: number) => number,
 *   isUpdate: IsAt,
 *   isOverwrite: IsAt,
 *   isSkipped: IsAt,
 *   branch: Branch,
 *   value: (name: string, k: number, d: number) => number,
 * }} Run
 *
 * @typedef {Run & {surface: Surface}} SurfaceRun a run with the landscape under it
 */

/**
 * @typedef {Omit<LineHeader, "run" | "array"> & LineValues} Line
 *
 * @typedef {object} LineValues
 * @property {Values} values
 * @property {Values} [upper] the area up to these is filled
 * @property {string} [letter]
 * @property {number} [variant]
 * @property {number} [steps] of its own run
 * @property {number[]} [dash]
 * @property {number[]} [crosses] steps that are crossed out
 */

/** @typedef {Omit<PanelHeader, "lines"> & {lines: Line[]}} Chart a chart with its values */

// -- colours and drawing --------------------------------------------------------------------------------------------

/**
 * @typedef {object} Tokens the colours of one theme, from Python's table
 * @property {string} ink
 * @property {string} quiet
 * @property {string} grid
 * @property {string} panel
 * @property {string} background
 * @property {string} minimum
 * @property {string[]} landscape
 * @property {string} contour
 * @property {Record<"minus" | "plus", string>} signs
 * @property {string[]} labels
 * @property {string[]} variants
 * @property {Record<string, {line: string, text: string}>} quantities
 */

/**
 * The theme of the page: its tokens, name and font; `line(quantity)` and `text(quantity)` are colours.
 * @typedef {Tokens & {
 *   name: "light" | "dark",
 *   font: string,
 *   line: (quantity: string) => string,
 *   text: (quantity: string) => string,
 * }} Theme
 */

/**
 * @import { SvgContext } from "../take/svg.js"
 *
 * @typedef {CanvasRenderingContext2D | SvgContext} Pen what drawing code draws on: a canvas, or what is taken home
 * @typedef {{x: (value: number) => number, y: (value: number) => number}} Scales from values to pixels
 * @typedef {{left: number, top: number, width: number, height: number}} Box in pixels
 * @typedef {Scales & Box & {xRange: Pair, yRange: Pair}} Spot where values lie on a plot
 * @typedef {Scales & Box & {perX: number, perY: number}} Mapping from the surface's coordinates to pixels
 */

export {};
