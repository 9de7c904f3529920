// The page as a visitor uses it: what it shows, what it refuses, and that it lives on.

import { readFile } from "node:fs/promises";
import { holds, same } from "./compare.mjs";

const WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

const wordOf = (outputs) => `“${WORDS[outputs.indexOf(Math.max(...outputs))]}”`;

/** The ten recordings, chosen one after the other. */
export async function tenRecordings(page, names, expected) {
  await page.emulateMedia({ reducedMotion: "reduce" });
  for (const [at, name] of names.entries()) {
    const { inputs, steps, outputs } = expected[at];
    await page.selectOption("#recording", name);
    await page.waitForFunction((word) => document.getElementById("word").textContent === word, wordOf(outputs[0]));
    const shown = await page.evaluate(() => {
      const values = { plus: 1, minus: -1, zero: 0 };
      const signs = (id) => [...document.querySelectorAll(`#${id} rect:not(.cursor)`)].map((cell) => values[cell.getAttribute("class")]);
      return {
        features: signs("features"),
        hidden: signs("hidden"),
        gates: signs("gates"),
        outputs: [...document.querySelectorAll("#outputs li > span:last-child")].map((number) => Number(number.textContent.replace("−", "-"))),
      };
    });
    same(`${name}, inputs on the page`, shown.features, inputs.flat().map(Math.sign));
    same(`${name}, hidden states on the page`, shown.hidden, steps.flatMap((step) => step.hidden));
    same(`${name}, outputs on the page`, shown.outputs, outputs[0]);
    const { gates, cell } = steps.at(-1);
    const rows = [cell, ...[...gates].reverse()];
    same(`${name}, gates on the page`, shown.gates, cell.flatMap((_, unit) => rows.map((row) => Math.sign(row[unit]))));
  }
  return `${names.length} recordings chosen on the page: inputs, hidden states, gates and outputs as shown, 0 differences`;
}

/** The table of boards, after the first recording. */
export async function boards(page, name, expected) {
  await page.selectOption("#recording", name);
  await page.waitForFunction((cycles) => document.querySelector("#boards tbody tr td:nth-child(3)")?.textContent === cycles, expected[0].cycles.toLocaleString("en"));
  const rows = await page.$$eval("#boards tbody tr", (rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));
  same("cycles on three boards", rows.map((row) => [Number(row[4]), Number(row[2].replace(",", ""))]), expected.map((board) => [board.cycles_per_step, board.cycles]));
  return `cycles on three boards: ${rows.map((row) => `${row[2]} on ${row[0]}`).join(", ")}`;
}

/** A text that is asked for on the page. */
export async function prompt(page, expected) {
  await page.fill("#prompt", "ROMEO:");
  await page.click("#go");
  await page.waitForFunction(() => document.getElementById("text").textContent.length > 60);
  await page.click("#stop");
  const text = await page.textContent("#text");
  same("the text on the page", text, `ROMEO:${expected}`.slice(0, text.length));
  await page.fill("#prompt", "é");
  await page.click("#go");
  const sentence = await page.textContent("#speak-error:not([hidden])");
  holds(/^The prompt holds "é" as token 1, expected .+\.$/s.test(sentence), `the sentence about the prompt is ${sentence}`);
  await page.fill("#prompt", "ROMEO:");
  return "a prompt typed on the page; one that cannot be spelt gets its sentence";
}

const file = (name, buffer) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.from(buffer) });

/** Files that are refused, each with its sentence, and then files that are not. */
export async function ownFiles(page, root, expected) {
  const model = await readFile(`${root}/models/spoken-digits.safetensors`);
  const give = async (id, given) => {
    await page.setInputFiles(id, given);
    await page.waitForTimeout(150);
  };
  const refused = async (what, pattern) => {
    const sentence = await page.textContent("#own-error:not([hidden])", { timeout: 5000 });
    holds(pattern.test(sentence) && !sentence.includes("\n"), `${what} gave: ${sentence}`);
  };
  const garbled = Buffer.from(model);
  garbled.fill(0x55, 200, 3000);
  await give("#model-file", file("noise.safetensors", Buffer.alloc(500, 0x9d)));
  await refused("noise", /^noise\.safetensors: file .+\.$/);
  await give("#model-file", file("garbled.safetensors", garbled));
  await refused("a garbled model", /^garbled\.safetensors: .+\.$/);
  await give("#model-file", file("half.safetensors", model.subarray(0, model.length / 2)));
  await refused("half a model", /^half\.safetensors: .+\.$/);
  await give("#model-file", file("digits.safetensors", model));
  holds(await page.isHidden("#own-error"), "a good model is refused");
  const rows = expected.inputs.map((row) => row.join(","));
  await give("#table-file", file("wrong.csv", rows.with(2, rows[2].replace(/^[^,]+/, "300")).join("\n")));
  await refused("a number out of range", /^wrong\.csv: line 3, column 1 is "300", expected an integer from -128 to 127\.$/);
  await give("#table-file", file("narrow.csv", "1,2,3\n"));
  await refused("a narrow table", /^narrow\.csv: line 1 has 3 columns, expected 24, the input size of the model\.$/);
  await give("#table-file", file("empty.csv", ""));
  await refused("an empty table", /^empty\.csv: the number of time steps is 0, expected at least 1\.$/);
  await give("#table-file", file("noise.wav", "RIFF____WAVE"));
  await refused("a broken recording", /^noise\.wav: not a WAV file.+\.$/);
  await give("#table-file", file("good.csv", rows.join("\n")));
  holds(await page.isHidden("#own-error"), "a good table is refused");
  const cells = await page.$$eval("#own-outputs tbody tr", (rows) => rows.map((row) => [...row.cells].slice(1).map((cell) => Number(cell.textContent))));
  same("outputs of a visitor's table", cells, expected.outputs);
  return "7 faulty files get their sentence; a model and a table then give the native outputs";
}

/** A panic in the module is one sentence, and the instance goes on. */
export async function panic(page, expected) {
  const found = await page.evaluate((inputs) => {
    const { hears } = window.tern;
    const table = new TextEncoder().encode(inputs.map((row) => row.join(",")).join("\n"));
    hears.ask({ ask: "table" }, table);
    let sentence = "";
    try {
      hears.ask({ ask: "steps", steps: 2 ** 31, golden: false });
    } catch (error) {
      sentence = error.message;
    }
    return { sentence, outputs: hears.ask({ ask: "table" }, table).outputs };
  }, expected.inputs);
  same("after a panic", found, { sentence: "the program stopped at this input and was started again", outputs: expected.outputs });
  return "a panic of the module is one sentence, and the page goes on";
}

/** A word from a microphone that plays a file. */
export async function microphone(page) {
  await page.click("#microphone");
  await page.waitForFunction(() => document.getElementById("microphone").textContent === "Speak now …");
  await page.waitForFunction(() => document.getElementById("microphone").textContent !== "Speak now …", null, { timeout: 10000 });
  holds(await page.isHidden("#listen-error"), `the microphone gave: ${await page.textContent("#listen-error")}`);
  return `a microphone that plays “seven” is heard as ${await page.textContent("#word")}`;
}
