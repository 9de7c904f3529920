// Pictures of tables of signed numbers: a column per time step, axes with names and numbers.

const NAMESPACE = "http://www.w3.org/2000/svg";
const LEFT = 40;
const BOTTOM = 34;

export function svg(name, attributes, parent) {
  const element = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  parent?.append(element);
  return element;
}

export function text(parent, x, y, words, anchor = "middle") {
  svg("text", { x, y, "text-anchor": anchor }, parent).textContent = words;
}

export const sign = (value) => (value > 0 ? "plus" : value < 0 ? "minus" : "zero");

/**
 * Draws `table[column][row]`, row 0 at the bottom. `most` is the largest magnitude; `names` are rows' names in place of numbers.
 * Returns a function that puts the cursor on a column.
 */
export function heatmap(place, { table, most, label, xName, yName, names, height = 200 }) {
  const width = Math.max(place.clientWidth, 240);
  const [columns, rows] = [table.length, table[0].length];
  const [w, h] = [(width - LEFT - 8) / columns, (height - BOTTOM - 8) / rows];
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, height, role: "img", "aria-label": label });
  const y = (row) => 8 + (rows - 1 - row) * h;
  table.forEach((column, at) =>
    column.forEach((value, row) => {
      const part = Math.abs(value) / most;
      svg("rect", { x: LEFT + at * w, y: y(row), width: Math.max(w - 0.5, 0.5), height: Math.max(h - 0.3, 0.5),
        class: sign(value), "fill-opacity": value ? 0.15 + 0.85 * part : 1 }, picture);
    }));
  axes(picture, { width, height, columns, rows, w, h, y, xName, yName, names });
  const cursor = svg("rect", { class: "cursor", y: 7, height: height - BOTTOM - 6, width: w, x: LEFT }, picture);
  place.replaceChildren(picture);
  return (column) => cursor.setAttribute("x", LEFT + column * w);
}

function axes(picture, { width, height, columns, rows, w, h, y, xName, yName, names }) {
  const every = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((step) => columns / step <= width / 60);
  for (let at = 0; at < columns; at += every) text(picture, LEFT + (at + 0.5) * w, height - BOTTOM + 14, at);
  text(picture, LEFT + (width - LEFT) / 2, height - 4, xName);
  const shown = names ? names.map((_, row) => row) : [0, Math.floor(rows / 2), rows - 1];
  for (const row of shown) text(picture, LEFT - 5, y(row) + h / 2 + 4, names?.[row] ?? row, "end");
  if (yName) svg("text", { transform: `translate(11 ${(height - BOTTOM) / 2}) rotate(-90)`, "text-anchor": "middle" }, picture).textContent = yName;
}
