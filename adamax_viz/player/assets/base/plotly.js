// Plotly, loaded once from the server that serves the app; no copy of it lives here.

/** @typedef {any} Plotly its own types are larger than this house */

const page = /** @type {{Plotly?: Plotly}} */ (globalThis);

/** @type {Promise<Plotly> | null} */
let loading = null;

/** The app's own address, whatever path it is served under: this module's URL up to Streamlit's own part. */
export function base() {
  const url = new URL(import.meta.url);
  const at = url.pathname.indexOf("/_stcore/");
  return url.origin + (at >= 0 ? url.pathname.slice(0, at) : "");
}

/**
 * The Plotly object.
 * @returns {Promise<Plotly>}
 */
export function loadPlotly() {
  if (page.Plotly) return Promise.resolve(page.Plotly);
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `${base()}/vendor/plotly.min.js`;
    script.onload = () => resolve(page.Plotly);
    script.onerror = () => {
      loading = null;
      reject(new Error("Plotly could not be loaded; reload the page."));
    };
    document.head.append(script);
  });
  return loading;
}

/**
 * Free what Plotly keeps for an element.
 * @param {HTMLElement} element
 */
export function purge(element) {
  page.Plotly?.purge(element);
}

export const CONFIG = { displayModeBar: false, responsive: false, doubleClick: "reset", scrollZoom: true };
