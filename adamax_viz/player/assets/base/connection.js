// Whether the page has its session: Streamlit's page says so of itself, and finds a server again without our help.

const APP = "[data-testid=stApp]";
const STATE = "data-test-connection-state";

/** @type {(listen: (connected: boolean) => void, signal: AbortSignal) => void} now if it is lost, and at every change */
export function watchConnection(listen, signal) {
  const app = document.querySelector(APP);
  if (!app?.hasAttribute(STATE)) return; // another page: nobody knows
  let before = true;
  const look = () => {
    const connected = app.getAttribute(STATE) === "CONNECTED";
    if (connected !== before) listen(before = connected);
  };
  const observer = new MutationObserver(look);
  observer.observe(app, { attributeFilter: [STATE] });
  signal.addEventListener("abort", () => observer.disconnect());
  look();
}
