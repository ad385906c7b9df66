// Plotly, loaded once from the server that serves the app; no copy of it lives here.

import { h } from "./dom.js";

const page = /** @type {{Plotly?: any}} */ (globalThis);

/** Its own types are larger than this house; there once it is loaded. */
export let { Plotly } = page;

/** @type {Promise<void> | null} */
let loading = null;

/** The app's own address, whatever path it is served under: this module's URL up to Streamlit's own part. */
export function base() {
  const url = new URL(import.meta.url);
  const at = url.pathname.indexOf("/_stcore/");
  return url.origin + (at >= 0 ? url.pathname.slice(0, at) : "");
}

export async function loadPlotly() {
  if (!page.Plotly) await (loading ??= fetchPlotly());
  Plotly = page.Plotly;
}

/** @returns {Promise<void>} */
function fetchPlotly() {
  return new Promise((resolve, reject) => {
    const onerror = () => {
      loading = null;
      reject(new Error("Plotly could not be loaded; reload the page."));
    };
    // Beside the player's own files, whose address says which version they are: a browser keeps it as long.
    const src = new URL("../vendor/plotly.min.js", import.meta.url).href;
    document.head.append(h("script", { src, onload: () => resolve(), onerror }));
  });
}

/** @param {HTMLElement} element that Plotly keeps nothing for any longer */
export function purge(element) {
  Plotly?.purge(element);
}

export const CONFIG = { displayModeBar: false, responsive: false, doubleClick: "reset", scrollZoom: true };
