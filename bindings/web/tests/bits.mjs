// The page's networks beside the native program, bit for bit.

import { readFile } from "node:fs/promises";
import { holds, same } from "./compare.mjs";

/** What the page's instance answers to a request with a payload. */
export async function ask(page, which, request, bytes = new Uint8Array()) {
  // Long strings come through the browser's interface much faster than long arrays.
  const answer = await page.evaluate(
    ([name, question, payload]) => JSON.stringify(window.tern[name].ask(question, Uint8Array.from(atob(payload), (c) => c.charCodeAt(0)))),
    [which, request, Buffer.from(bytes).toString("base64")],
  );
  return JSON.parse(answer);
}

/** Inputs, gates, states and outputs of every recording. */
export async function recordings(page, files, expected) {
  let integers = 0;
  for (const [at, file] of files.entries()) {
    const run = await ask(page, "hears", { ask: "recording" }, await readFile(file));
    const wanted = expected[at];
    same(`${file}, inputs`, run.inputs, wanted.inputs);
    same(`${file}, outputs`, run.outputs, wanted.outputs);
    holds(run.steps.length === wanted.steps.length, `${file}: ${run.steps.length} steps, expected ${wanted.steps.length}`);
    run.steps.forEach((step, t) => {
      const { gates, cell, hidden, output } = wanted.steps[t];
      same(`${file}, step ${t}`, { ...step.layers[0], output: step.output }, { letters: ["i", "f", "g", "o"], gates, cell, hidden, output });
      integers += 6 * hidden.length + output.length;
    });
    integers += run.inputs.flat().length;
  }
  return `${files.length} recordings: inputs, gates, states and outputs, ${integers.toLocaleString("en")} integers, 0 differences`;
}

/** The text of the Shakespeare network. */
export async function text(page, expected) {
  await ask(page, "writes", { ask: "prompt", text: "ROMEO:", seed: 1, temperature: 0.8 });
  const { text } = await ask(page, "writes", { ask: "speak", tokens: 1000 });
  holds(expected.length === 1000, `${expected.length} characters, expected 1000`);
  same("the text", [...text], [...expected]);
  return "1000 characters of the Shakespeare network, 0 differences";
}

/** Microseconds of a step of the bundled network. */
export async function time(page, file) {
  await ask(page, "hears", { ask: "recording" }, await readFile(file));
  const measure = async (golden) => {
    const runs = await page.evaluate((golden) => {
      const steps = 4000;
      const runs = Array.from({ length: 7 }, () => {
        const start = performance.now();
        window.tern.hears.ask({ ask: "steps", steps, golden });
        return ((performance.now() - start) * 1000) / steps;
      });
      return runs.sort((a, b) => a - b);
    }, golden);
    return `${runs[0].toFixed(1)} µs (median ${runs[3].toFixed(1)})`;
  };
  return `a step of the bundled network takes ${await measure(false)} by the engine, ${await measure(true)} by the golden model, the fastest of 7 runs of 4000 steps`;
}
