// How long the last sound takes on three boards.

import { bytesOf } from "./tern.js";

const BOARDS = [
  ["iCE40HX-8K Breakout Board", "iCE40 HX8K", "ice40-hx8k"],
  ["iCEBreaker", "iCE40 UP5K", "ice40-up5k"],
  ["ULX3S 85F", "ECP5 LFE5U-85F", "ecp5-85k"],
];
const clocks = new Map();

/** The clock in MHz that the routed core of a network reached on a device. */
export async function clock(network, device) {
  const file = `clocks/${network}-${device}.json`;
  if (!clocks.has(file)) clocks.set(file, JSON.parse(new TextDecoder().decode(await bytesOf(file))).fmax_mhz);
  return clocks.get(file);
}

/** Fills the table. */
export async function showBoards(tern) {
  const rows = await Promise.all(BOARDS.map(async ([board, chip, device]) => {
    const { design, cycles_per_step, output_beats } = tern.ask({ ask: "board", device });
    const mhz = await clock("spoken-digits", device);
    // Cycle 0 is the first.
    const cycles = output_beats.at(-1) + 1;
    return [`${board}, ${chip}`, `${(cycles / mhz).toFixed(1)} µs`, cycles.toLocaleString("en"), `${mhz.toFixed(1)} MHz`,
      cycles_per_step, `${design.columns} × ${design.rows} × ${design.lanes}`];
  }));
  document.querySelector("#boards tbody").replaceChildren(...rows.map((cells) => {
    const row = document.createElement("tr");
    cells.forEach((cell) => (row.insertCell().textContent = cell));
    return row;
  }));
}
