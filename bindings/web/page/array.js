// Part four: the array at work in one time step, cycle by cycle.

import { player } from "./play.js";
import { orSay } from "./sentence.js";
import { strip } from "./strip.js";

const DESIGNS = {
  dense: { columns: 4, rows: 6, lanes: 8, device: "ice40-hx8k" },
  events: { columns: 4, rows: 3, lanes: 8, device: "ice40-hx8k", dataflow: "events" },
};
const GATES = ["i: input", "f: forget", "g: candidate", "o: output"];
const CLASSES = { "+": "plus", "-": "minus", 0: "zero" };
const part = (id) => document.getElementById(id);

export function arrayPart(tern) {
  const [slider, error, stepInput] = [part("cycle"), part("array-error"), part("array-step")];
  let work = null;
  let lanes = [];
  let move = () => {};

  const show = (cycle) => {
    const { rows, columns, lanes: width } = work.design;
    const beats = Array.from({ length: rows }, (_, row) => work.at.get(cycle - (work.events ? 0 : row)));
    lanes.forEach(({ pe, cells }, place) => {
      const row = Math.floor(place / columns);
      const column = place % columns;
      const beat = beats[row];
      pe.classList.toggle("busy", Boolean(beat));
      pe.dataset.beat = beat ? [beat.step, beat.block, beat.pass, beat.element].join(" ") : "";
      cells.forEach((cell, lane) => {
        const add = beat?.adds[(column * rows + row) * width + lane] ?? "0";
        cell.className = CLASSES[add];
      });
    });
    const states = unitStates(work, cycle);
    [...part("units").children].forEach((unit, at) => (unit.className = states[at]));
    part("doing").textContent = sentence(work, cycle, states);
    move(cycle);
  };
  const playing = player({ button: part("array-play"), slider, perSecond: () => Number(part("speed").value), show });

  const load = () => orSay(error, () => {
    playing.stop();
    const dataflow = document.querySelector("input[name=dataflow]:checked").value;
    const answer = tern.ask({ ask: "array", design: DESIGNS[dataflow], step: stepInput.valueAsNumber || 0 });
    work = { ...answer, events: dataflow === "events", at: new Map(answer.beats.map((beat) => [beat.cycle, beat])) };
    lanes = build(work.design);
    part("units").replaceChildren(...Array.from({ length: work.units }, (_, unit) => {
      const element = document.createElement("span");
      element.textContent = unit;
      return element;
    }));
    [slider.min, slider.max, slider.value] = [work.first, work.last, work.first];
    draw();
  });
  const draw = () => {
    move = strip(part("strip"), part("strip-legend"), work);
    show(Number(slider.value));
  };
  const by = (change) => () => {
    playing.stop();
    playing.set(Number(slider.value) + change);
  };
  part("array-back").addEventListener("click", by(-1));
  part("array-next").addEventListener("click", by(1));
  document.querySelectorAll("input[name=dataflow]").forEach((radio) => radio.addEventListener("change", load));
  stepInput.addEventListener("change", load);
  addEventListener("resize", () => work && draw());
  return { show: load };
}

/** The squares of the array; returns its processing elements, row by row. */
function build({ rows, columns, lanes }) {
  const name = (words) => {
    const element = document.createElement("span");
    [element.className, element.textContent] = ["name", words];
    return element;
  };
  const elements = [name(""), ...GATES.slice(0, columns).map(name)];
  const found = [];
  for (let row = 0; row < rows; row++) {
    elements.push(name(`row ${row}`));
    for (let column = 0; column < columns; column++) {
      const pe = document.createElement("div");
      const cells = Array.from({ length: lanes }, () => document.createElement("i"));
      pe.className = "pe";
      pe.append(...cells);
      elements.push(pe);
      found.push({ pe, cells });
    }
  }
  part("lanes").replaceChildren(...elements);
  return found;
}

/** Of each unit what becomes of it in a cycle. */
function unitStates({ blocks, units, at, design, events, beats }, cycle) {
  const states = Array(units).fill("wait");
  const size = events ? design.rows * design.lanes : design.rows;
  const step = beats.at(-1).step;
  const current = at.get(cycle);
  for (const block of blocks) {
    block.states.forEach((state, result) => {
      const unit = block.block * size + result;
      // What the step before leaves behind ends when it is there.
      if (block.step < step && cycle >= state) return;
      const leaves = block.leaves[result];
      if (cycle >= state) states[unit] = "done";
      else if (cycle > leaves) states[unit] = "cell";
      else if (cycle === leaves) states[unit] = "leave";
      else if (cycle > block.end) states[unit] = "sum";
    });
  }
  if (current && current.step === step) {
    const start = current.block * size;
    for (let unit = start; unit < Math.min(start + size, units); unit++) if (states[unit] === "wait") states[unit] = "sum";
  }
  return states;
}

function sentence({ at, passes, events, first, design, units }, cycle, states) {
  const count = (state) => states.filter((own) => own === state).length;
  const beat = at.get(cycle);
  const tail = ` Units: ${count("leave")} leave, ${count("cell")} in the cell unit, ${count("done")} done.`;
  const head = `Cycle ${cycle}, ${cycle - first} of the step: `;
  if (!beat) return `${head}the array waits.${tail}`;
  const size = events ? design.rows * design.lanes : design.rows;
  const block = `units ${beat.block * size} to ${Math.min((beat.block + 1) * size, units) - 1}`;
  const pass = passes[beat.pass];
  const what = pass.source === "x" ? "input" : "hidden state of the step before";
  if (events) {
    const change = beat.value > 0 ? `+${beat.value}` : `−${-beat.value}`;
    return `${head}${block} take the change ${change} of ${what}, element ${beat.index}.${tail}`;
  }
  if (beat.element >= pass.chunks) return `${head}the sums of ${block} shift.${tail}`;
  const from = beat.element * design.lanes;
  const plane = pass.source === "x" ? `, bit ${pass.plane}` : "";
  return `${head}row 0 of ${block} takes ${what}, elements ${from} to ${from + design.lanes - 1}${plane}.${tail}`;
}
