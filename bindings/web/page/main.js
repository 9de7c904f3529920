// Starts the four parts of the page once the module and the shipped networks are there.

import { listenPart } from "./listen.js";
import { speakPart } from "./speak.js";
import { arrayPart } from "./array.js";
import { ownPart } from "./own.js";
import { Tern, bytesOf, compile } from "./tern.js";

const status = document.getElementById("status");
try {
  const [module, digits, shakespeare] = await Promise.all([
    compile("tern_web.wasm"),
    bytesOf("models/spoken-digits.safetensors"),
    bytesOf("models/shakespeare.safetensors"),
  ]);
  const hears = new Tern(module);
  hears.open(digits);
  const writes = new Tern(module);
  writes.open(shakespeare);
  const array = arrayPart(hears);
  await listenPart(hears, array);
  speakPart(writes);
  ownPart(module);
  // For bindings/web/check, which asks the instance that the page shows.
  window.tern = { hears, writes, module, Tern };
  status.hidden = true;
} catch (error) {
  status.className = "error";
  status.textContent = error.message;
}
