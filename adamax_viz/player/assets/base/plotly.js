// Plotly, loaded once from the server that serves the app; no copy of it lives here.

let loading = null;

/** The app's own address, whatever path it is served under: this module's URL up to Streamlit's own part. */
export function base() {
  const own = new URL(import.meta.url);
  const at = own.pathname.indexOf("/_stcore/");
  return own.origin + (at >= 0 ? own.pathname.slice(0, at) : "");
}

/** The Plotly object. */
export function loadPlotly() {
  if (window.Plotly) return Promise.resolve(window.Plotly);
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `${base()}/vendor/plotly.min.js`;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      loading = null;
      reject(new Error("Plotly could not be loaded; reload the page."));
    };
    document.head.append(script);
  });
  return loading;
}

export const CONFIG = { displayModeBar: false, responsive: false, doubleClick: "reset", scrollZoom: true };
