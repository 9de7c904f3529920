// Part two: the Shakespeare network goes on with a text.

import { clock } from "./boards.js";
import { orSay } from "./sentence.js";

const LENGTH = 400;
const part = (id) => document.getElementById(id);

export function speakPart(tern) {
  const [error, text, go, stop] = [part("speak-error"), part("text"), part("go"), part("stop")];
  let timer = null;
  const end = () => {
    clearInterval(timer);
    stop.disabled = true;
  };
  part("prompt-form").addEventListener("submit", (event) => {
    event.preventDefault();
    orSay(error, () => {
      end();
      const prompt = part("prompt").value.replaceAll("\\n", "\n");
      tern.ask({ ask: "prompt", text: prompt, seed: part("seed").valueAsNumber, temperature: part("temperature").valueAsNumber });
      text.textContent = prompt;
      let left = LENGTH;
      stop.disabled = false;
      timer = setInterval(() => {
        text.textContent += tern.ask({ ask: "speak", tokens: 1 }).text;
        text.scrollTop = text.scrollHeight;
        if (--left === 0) end();
      }, 20);
    });
  });
  stop.addEventListener("click", end);
  go.disabled = false;
  note(tern);
}

/** What a character costs on a device. */
async function note(tern) {
  const device = "ecp5-85k";
  const mhz = await clock("shakespeare", device);
  const { design, cycles_per_step: cycles } = tern.ask({ ask: "board", device });
  part("speak-note").textContent = `On a ULX3S 85F (ECP5 LFE5U-85F), an array of ${design.columns} × ${design.rows} × ${design.lanes} takes ${cycles} cycles per ` +
    `character: ${(cycles / mhz).toFixed(1)} µs at the ${mhz.toFixed(1)} MHz that the routed core reaches (docs/results/shipped; one seed, no board measured). ` +
    `Same prompt, temperature and seed give the same text as “tern run --say”.`;
}
