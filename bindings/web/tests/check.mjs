// Checks the built page in Chromium; ends with exit code 1 at the first thing that is not as it must be.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { animation } from "./array.mjs";
import * as behaviour from "./behaviour.mjs";
import * as bits from "./bits.mjs";
import { holds } from "./compare.mjs";
import { pictures } from "./pictures.mjs";
import { serve } from "./serve.mjs";

const root = resolve(import.meta.dirname, "../../..");
const require = createRequire(join(process.env.TERN_WEB_MODULES, "modules.cjs"));
const { chromium } = require("playwright-core");

/** The recordings that ship, that of "seven" first. */
const shipped = readdirSync(join(root, "examples/recordings")).filter((name) => name.endsWith(".wav")).sort((a, b) => b.startsWith("7") - a.startsWith("7"));
/** The test part of the Free Spoken Digit Dataset, where it is. */
const data = join(process.env.TERN_DATA || join(root, "../shared/data"), "fsdd/recordings");
const test = existsSync(data) ? readdirSync(data).filter((name) => /_[0-4]\.wav$/.test(name)).sort() : [];
if (test.length === 0) console.log(`skipped: the 300 test recordings, since ${data} is missing; TERN_DATA names the folder that holds fsdd/recordings`);

const files = [...shipped.map((name) => join(root, "examples/recordings", name)), ...test.map((name) => join(data, name))];
const program = join(root, "build/web-target/release/examples/reference");
const native = JSON.parse(execFileSync(program, files, { encoding: "utf8", maxBuffer: 1 << 30 }));

/** A file of silence, the word "seven" and silence, which the browser's microphone plays. */
function microphoneFile() {
  const word = readFileSync(join(root, "examples/recordings/7_jackson_0.wav"));
  const silence = Buffer.alloc(2 * 8000);
  const samples = Buffer.concat([silence.subarray(0, 2 * 2400), word.subarray(44), silence]);
  const header = Buffer.from(word.subarray(0, 44));
  header.writeUInt32LE(36 + samples.length, 4);
  header.writeUInt32LE(samples.length, 40);
  const path = join(mkdtempSync(join(tmpdir(), "tern-web-")), "seven.wav");
  writeFileSync(path, Buffer.concat([header, samples]));
  return path;
}

const { server, address } = await serve(join(root, "build/web"));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", `--use-file-for-fake-audio-capture=${microphoneFile()}`],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
const [requests, complaints] = [[], []];
page.on("request", (request) => requests.push(request.url()));
page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
page.on("pageerror", (error) => complaints.push(error.message));

/** What axe-core finds on the page. */
async function accessibility() {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
    const { violations } = await page.evaluate(() => window.axe.run());
    const list = violations.map(({ id, nodes }) => `${id} at ${nodes[0].target}: ${nodes[0].failureSummary}`);
    holds(list.length === 0, `axe-core finds in ${colorScheme}: ${list.join("; ")}`);
  }
  return "axe-core finds nothing, in light and dark";
}

async function steps() {
  const seven = native.recordings[0];
  await page.goto(address);
  await page.waitForFunction(() => window.tern);
  console.log(await bits.recordings(page, files, native.recordings));
  console.log(await bits.text(page, native.text));
  await page.reload();
  await page.waitForFunction(() => window.tern);
  console.log(await behaviour.tenRecordings(page, shipped.map((name) => name.replace(".wav", "")), native.recordings));
  console.log(await behaviour.boards(page, "7_jackson_0", native.boards));
  console.log(await animation(page, native));
  console.log(await behaviour.prompt(page, native.text));
  console.log(await behaviour.ownFiles(page, root, seven));
  console.log(await behaviour.panic(page, seven));
  console.log(await behaviour.microphone(page));
  console.log(await accessibility());
  console.log(await bits.time(page, files[0]));
  const strange = requests.filter((url) => !url.startsWith(address) && !url.startsWith("data:"));
  holds(strange.length === 0, `requests leave the page: ${strange.join(", ")}`);
  holds(complaints.length === 0, `the console says: ${complaints.join("; ")}`);
  console.log(`${requests.length} requests, none beyond the page's folder; nothing on the console`);
  if (process.argv.includes("pictures")) {
    const folder = join(root, "build/web-pictures");
    mkdirSync(folder, { recursive: true });
    await pictures(browser, address, folder);
    console.log(`pictures in ${folder}`);
  }
}

try {
  await steps();
  console.log("== page passed");
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
} finally {
  await browser.close();
  server.close();
}
