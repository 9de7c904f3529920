// The animation of the array beside the cycle model's record.

import { same, holds } from "./compare.mjs";

const SIZES = { dense: { rows: 6, columns: 4, lanes: 8 }, events: { rows: 3, columns: 4, lanes: 8 } };
const UNITS = 96;

/** What the page shows in a cycle. */
const shown = (page, cycle) =>
  page.evaluate((cycle) => {
    const slider = document.getElementById("cycle");
    slider.value = cycle;
    slider.dispatchEvent(new Event("input"));
    const signs = { plus: "+", minus: "-", zero: "0" };
    const lanes = [...document.querySelectorAll("#lanes .pe")];
    return {
      cycle: Number(slider.value),
      beats: lanes.map((pe) => pe.dataset.beat),
      adds: lanes.map((pe) => [...pe.children].map((lane) => signs[lane.className]).join("")),
      units: [...document.querySelectorAll("#units span")].map((unit) => unit.className),
    };
  }, cycle);

/** What becomes of each unit in a cycle, from the record of blocks. */
function expectedUnits(blocks, beat, cycle, step, size) {
  return Array.from({ length: UNITS }, (_, unit) => {
    const number = Math.floor(unit / size);
    const own = blocks.filter(([, , block, , states]) => block === number && unit % size < states.length);
    const now = own.find(([, of]) => of === step);
    const before = own.find(([, of]) => of === step - 1);
    const at = ([end, , , leaves, states]) => {
      const result = unit % size;
      if (cycle >= states[result]) return "done";
      if (cycle > leaves[result]) return "cell";
      if (cycle === leaves[result]) return "leave";
      return cycle > end ? "sum" : "wait";
    };
    const state = now ? at(now) : "wait";
    if (state !== "wait") return state;
    const rest = before ? at(before) : "wait";
    if (rest === "cell" || rest === "leave" || rest === "sum") return rest;
    return beat && beat[1] === step && beat[2] === number ? "sum" : "wait";
  });
}

/** Every cycle of the step, and the sums that its additions give. */
export async function animation(page, { arrays, step, recordings }) {
  const lines = [];
  for (const [at, dataflow] of ["dense", "events"].entries()) {
    const { rows, columns, lanes } = SIZES[dataflow];
    const { step_ends, beats, blocks, bias, shifts } = arrays[at];
    await page.check(`input[name=dataflow][value=${dataflow}]`);
    const [first, last] = [step_ends[step - 1] + 1, step_ends[step]];
    same(`${dataflow}, the cycles of the step`, await page.$eval("#cycle", ({ min, max }) => [Number(min), Number(max)]), [first, last]);
    const of = new Map(beats.map((beat) => [beat[0], beat]));
    const size = dataflow === "events" ? rows * lanes : rows;
    const sums = Array.from({ length: 4 }, () => Array(UNITS).fill(0));
    for (let cycle = first; cycle <= last; cycle++) {
      const { beats: names, adds, units } = await shown(page, cycle);
      const expected = Array.from({ length: rows * columns }, (_, place) => {
        const beat = of.get(cycle - (dataflow === "dense" ? Math.floor(place / columns) : 0));
        return beat ? beat.slice(1).join(" ") : "";
      });
      same(`${dataflow}, cycle ${cycle}, what the rows take`, names, expected);
      same(`${dataflow}, cycle ${cycle}, units`, units, expectedUnits(blocks, of.get(cycle), cycle, step, size));
      holds(adds.every((lane) => lane.length === lanes), `${dataflow}, cycle ${cycle}: ${lanes} lanes expected`);
    }
    await add(page, dataflow, step, { x: shifts[0], h: shifts[1] }, sums);
    const golden = recordings[0].steps;
    const change = (gate, unit) => {
      const before = dataflow === "events" ? golden[step - 1].sums[gate][unit] : bias[gate * UNITS + unit];
      return golden[step].sums[gate][unit] - before;
    };
    same(`${dataflow}, the sums that the lanes add up to`, sums, sums.map((row, gate) => row.map((_, unit) => change(gate, unit))));
    lines.push(`${dataflow} array: ${last - first + 1} cycles of a step as the cycle model has them; its lanes add up to the golden model's sums`);
  }
  return lines.join("\n");
}

/** Adds up what the lanes add in a step, as the page's instance answers. */
async function add(page, dataflow, step, shifts, sums) {
  const { rows, columns, lanes } = SIZES[dataflow];
  const design = { columns, rows, lanes, device: "ice40-hx8k", dataflow };
  const answer = await page.evaluate(([design, step]) => window.tern.hears.ask({ ask: "array", design, step }), [design, step]);
  for (const beat of answer.beats.filter((beat) => beat.step === step)) {
    const pass = answer.passes[beat.pass];
    const scale = dataflow === "dense" ? 2 ** pass.weight : Math.abs(beat.value) * 2 ** shifts[pass.source];
    [...beat.adds].forEach((sign, at) => {
      const [column, row, lane] = [Math.floor(at / (rows * lanes)), Math.floor(at / lanes) % rows, at % lanes];
      const unit = dataflow === "dense" ? beat.block * rows + row : (beat.block * rows + row) * lanes + lane;
      if (unit < UNITS && sign !== "0") sums[column][unit] += sign === "+" ? scale : -scale;
    });
  }
}
