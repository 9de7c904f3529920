// The whole time step as a strip: what the array sums in each cycle, with the ends of blocks.

import { svg, text } from "./plot.js";

const HEIGHT = 74;
const SIDE = 12;

/** Draws the strip and its legend; returns a function that puts the cursor on a cycle. */
export function strip(place, legend, { beats, blocks, passes, first, last, events }) {
  const width = Math.max(place.clientWidth, 240);
  const scale = (width - 2 * SIDE) / (last - first + 1);
  const x = (cycle) => SIDE + (cycle - first) * scale;
  const picture = svg("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, height: HEIGHT, role: "img",
    "aria-label": `What the array sums from cycle ${first} to ${last}` });
  svg("rect", { x: x(first), y: 8, width: width - 2 * SIDE, height: 26, class: "idle" }, picture);
  const kind = (beat) => (passes[beat.pass].source === "h" ? "kh" : `k${(passes[beat.pass].plane ?? 0) % 2}`);
  for (const beat of beats.filter(({ cycle }) => cycle >= first)) {
    svg("rect", { x: x(beat.cycle), y: 8, width: scale + 0.2, height: 26, class: kind(beat) }, picture);
  }
  for (const { end } of blocks.filter(({ end }) => end >= first)) {
    svg("rect", { x: x(end + 1) - 0.75, y: 4, width: 1.5, height: 34, class: "mark", fill: "currentColor" }, picture);
  }
  const every = [10, 20, 50, 100, 200, 500, 1000, 2000].find((step) => (last - first) / step <= width / 70);
  for (let cycle = Math.ceil(first / every) * every; cycle <= last; cycle += every) text(picture, x(cycle), 52, cycle);
  text(picture, width / 2, 68, "clock cycle from reset");
  const cursor = svg("rect", { class: "cursor", y: 2, height: 38, width: Math.max(scale, 2), x: x(first) }, picture);
  place.replaceChildren(picture);
  const swatches = events
    ? [["k0", "changes of the input"], ["kh", "changes of the hidden state"], ["idle", "waits"]]
    : [["k0", "even bits of the input"], ["k1", "odd bits"], ["kh", "hidden state"], ["idle", "waits"]];
  legend.replaceChildren(...swatches.map(([name, words]) => {
    const [key, swatch] = [document.createElement("span"), document.createElement("span")];
    [key.className, swatch.className] = ["key", `swatch ${name}`];
    key.append(swatch, words);
    return key;
  }), "a bar ends a block of units");
  return (cycle) => cursor.setAttribute("x", x(cycle));
}
