// Part one: a spoken digit through the network, step by step.

import { bytesOf } from "./tern.js";
import { showBoards } from "./boards.js";
import { record } from "./microphone.js";
import { player, still } from "./play.js";
import { heatmap } from "./plot.js";
import { orSay } from "./sentence.js";

const LABELS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const RECORDINGS = ["0_george_0", "1_jackson_0", "2_lucas_0", "3_nicolas_0", "4_theo_0",
  "5_yweweler_0", "6_george_0", "7_jackson_0", "8_lucas_0", "9_nicolas_0"];
const GATES = { i: "input", f: "forget", g: "candidate", o: "output" };
/** Seconds from one time step to the next. */
const HOP = 0.016;

const part = (id) => document.getElementById(id);

export async function listenPart(tern, array) {
  const [select, button, error] = [part("recording"), part("microphone"), part("listen-error")];
  const slider = part("listen-step");
  let run = null;
  let cursors = [];

  const show = (step) => {
    cursors.forEach((move) => move(step));
    part("listen-time").textContent = `${step} of ${run.steps.length - 1}`;
    showGates(run.steps[step].layers[0], step);
  };
  const playing = player({ button: part("listen-play"), slider, perSecond: () => 8, show });

  const draw = () => {
    const xName = "time step, 16 ms each";
    cursors = [
      heatmap(part("features"), { table: run.inputs, most: 127, height: 250, xName, yName: "band, low to high",
        label: `Inputs of ${run.inputs.length} time steps in 24 bands` }),
      heatmap(part("hidden"), { table: run.steps.map((step) => step.layers[0].hidden), most: 1, height: 250, xName, yName: "unit",
        label: `Hidden state of 96 units after each of ${run.steps.length} time steps` }),
    ];
    show(Number(slider.value));
  };

  /** Shows what the network makes of a sound: a request and its payload. */
  const hear = async (request, payload) => {
    run = tern.ask(request, payload);
    part("heard").hidden = false;
    playing.stop();
    slider.max = run.steps.length - 1;
    slider.value = slider.max;
    draw();
    showOutputs(run.outputs.at(-1));
    part("length").textContent = `in ${run.steps.length} time steps, ${(run.steps.length * HOP).toFixed(2)} s of sound.`;
    await showBoards(tern);
    array.show();
    if (!still()) {
      playing.set(0);
      playing.play();
    }
  };

  for (const name of RECORDINGS) {
    const [digit, speaker] = name.split("_");
    select.add(new Option(`“${LABELS[digit]}”, by ${speaker}`, name));
  }
  const choose = () => orSay(error, async () => {
    await hear({ ask: "recording" }, await bytesOf(`recordings/${select.value}.wav`));
  });
  select.addEventListener("change", choose);
  button.addEventListener("click", () => orSay(error, async () => {
    const words = button.textContent;
    button.disabled = true;
    button.textContent = "Speak now …";
    try {
      const samples = await record();
      await hear({ ask: "samples" }, new Uint8Array(samples.buffer));
    } finally {
      button.textContent = words;
      button.disabled = false;
    }
  }));
  addEventListener("resize", () => run && draw());
  select.value = "7_jackson_0";
  select.disabled = button.disabled = false;
  await choose();
}

function showGates({ letters, gates, cell }, step) {
  part("gates-caption").textContent =
    `Time step ${step}: the four gates of each unit, −128 to 128 for −1 to 1, and its cell state c, as a part of its largest`;
  const most = Math.max(1, ...cell.map(Math.abs));
  const rows = [...gates.map((gate) => gate.map((value) => value / 128)), cell.map((value) => value / most)].reverse();
  const table = cell.map((_, unit) => rows.map((row) => row[unit]));
  heatmap(part("gates"), { table, most: 1, height: 190, xName: "unit", names: [...letters, "c"].reverse(),
    label: letters.map((letter) => GATES[letter]).join(", ") + " gates and cell state of 96 units" })(-1e4);
}

function showOutputs(outputs) {
  const best = outputs.indexOf(Math.max(...outputs));
  part("word").textContent = `“${LABELS[best]}”`;
  const most = Math.max(...outputs.map(Math.abs));
  part("outputs").replaceChildren(...outputs.map((value, at) => {
    const [item, name, track, bar, number] = ["li", "span", "span", "span", "span"].map((tag) => document.createElement(tag));
    [name.textContent, number.textContent] = [LABELS[at], String(value).replace("-", "−")];
    [track.className, bar.className, item.className] = ["track", `bar ${value < 0 ? "minus" : "plus"}`, at === best ? "best" : ""];
    const width = (50 * Math.abs(value)) / most;
    bar.style.width = `${width}%`;
    bar.style.left = `${value < 0 ? 50 - width : 50}%`;
    track.append(bar);
    item.append(name, track, number);
    return item;
  }));
}
