// Colours of the current theme: Streamlit's variables for the page, our table of tokens for quantities.

function luminance(colour) {
  const probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = colour || "#fff";
  const hex = probe.fillStyle;
  const parts = hex.startsWith("#")
    ? [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16))
    : hex.match(/[\d.]+/g).slice(0, 3).map(Number);
  return (0.299 * parts[0] + 0.587 * parts[1] + 0.114 * parts[2]) / 255;
}

/** {name, ink, quiet, grid, background, line(q), text(q), ...} for an element inside the app. */
export function readTheme(element, tokens) {
  const style = getComputedStyle(element);
  const background = style.getPropertyValue("--st-background-color").trim();
  const name = luminance(background) < 0.5 ? "dark" : "light";
  const own = tokens[name];
  return {
    ...own,
    name,
    background: background || own.background,
    font: style.getPropertyValue("--st-font").trim() || style.fontFamily,
    line: (quantity) => own.quantities[quantity].line,
    text: (quantity) => own.quantities[quantity].text,
  };
}

/** The quantities' colours as CSS variables, so that HTML, MathML and charts agree. */
export function applyTheme(root, theme) {
  root.dataset.theme = theme.name;
  document.documentElement.dataset.quantities = theme.name; // formulas outside the player follow, too
  for (const [name, { line, text }] of Object.entries(theme.quantities)) {
    root.style.setProperty(`--line-${name}`, line);
    root.style.setProperty(`--text-${name}`, text);
  }
  theme.variants.forEach((colour, i) => root.style.setProperty(`--variant-${i}`, colour));
  for (const name of ["ink", "quiet", "grid", "panel", "minimum"]) root.style.setProperty(`--${name}`, theme[name]);
}
