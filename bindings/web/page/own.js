// Part three: a visitor's own model file and table.

import { Tern } from "./tern.js";
import { about, orSay } from "./sentence.js";

/** Rows of outputs that are shown at most. */
const SHOWN = 100;
const part = (id) => document.getElementById(id);

export function ownPart(module) {
  const [error, drop, modelFile, tableFile] = [part("own-error"), part("drop"), part("model-file"), part("table-file")];
  let tern = null;
  let described = null;
  let table = null;

  const openModel = async (file) => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const fresh = new Tern(module);
    described = about(file.name, () => fresh.open(bytes));
    tern = fresh;
    part("own-result").hidden = true;
    tableFile.disabled = false;
    part("own-model").textContent = describe(described);
    if (table) await runTable(table);
  };
  const runTable = async (file) => {
    table = file;
    if (!tern) throw new Error(`${file.name}: no model file is open yet, expected a .safetensors file first`);
    const bytes = new Uint8Array(await file.arrayBuffer());
    const ask = file.name.toLowerCase().endsWith(".wav") ? "recording" : "table";
    part("own-result").hidden = true;
    showOutputs(about(file.name, () => tern.ask({ ask }, bytes)), described.labels);
  };
  const take = (files) => orSay(error, async () => {
    const models = files.filter((file) => file.name.toLowerCase().endsWith(".safetensors"));
    const others = files.filter((file) => !models.includes(file));
    for (const file of models) await openModel(file);
    for (const file of others) await runTable(file);
  });
  modelFile.addEventListener("change", () => orSay(error, () => openModel(modelFile.files[0])));
  tableFile.addEventListener("change", () => orSay(error, () => runTable(tableFile.files[0])));
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    take([...event.dataTransfer.files]);
  });
}

function describe({ name, layers, takes, input_size, input_max }) {
  const list = layers.map(({ kind, size, weights }) => `${kind} of ${size} (${weights.toLocaleString("en")} weights)`).join(", ");
  const wanted = {
    recordings: "a recording (.wav), or a table of its integers",
    features: "a table of real features",
    integers: "a table of integers",
    text: "a table of integers",
  }[takes];
  const range = takes === "features" ? "" : ` from −${input_max} to ${input_max}`;
  return `${name}: ${list}. It takes ${wanted}: ${input_size} columns${range}.`;
}

function showOutputs({ outputs, steps }, labels) {
  const names = labels?.length === outputs[0].length ? labels : outputs[0].map((_, at) => at);
  const row = (tag, cells) => {
    const element = document.createElement("tr");
    element.append(...cells.map((cell) => Object.assign(document.createElement(tag), { textContent: cell })));
    return element;
  };
  part("own-outputs").tHead.replaceChildren(row("th", ["output", ...names]));
  part("own-outputs").tBodies[0].replaceChildren(...outputs.slice(0, SHOWN).map((output, at) => row("td", [at, ...output])));
  const more = outputs.length > SHOWN ? `, of which the first ${SHOWN} are shown` : "";
  const last = outputs.at(-1);
  const answer = labels && outputs.length === 1 ? ` The largest is that of “${labels[last.indexOf(Math.max(...last))]}”.` : "";
  part("own-answer").textContent = `${steps.length} time steps gave ${outputs.length} output${outputs.length === 1 ? "" : "s"}${more}.${answer}`;
  part("own-result").hidden = false;
}
