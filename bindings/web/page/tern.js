// One network in an instance of the WebAssembly module: a request and a payload in, an object out.

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The compiled module, of which every network has an instance. */
export async function compile(url) {
  return WebAssembly.compile(await bytesOf(url));
}

/** The bytes of a file beside the page. */
export async function bytesOf(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} cannot be loaded: the server says ${response.status}.`);
  return new Uint8Array(await response.arrayBuffer());
}

export class Tern {
  #module;
  #exports;
  #file = null;

  constructor(module) {
    this.#module = module;
    this.#start();
  }

  #start() {
    this.#exports = new WebAssembly.Instance(this.#module, {}).exports;
  }

  /** Opens a model file and says what it is. */
  open(file) {
    const described = this.ask({ ask: "open" }, file);
    this.#file = file;
    return described;
  }

  /** Asks; an answer that is an error is thrown, in one sentence. */
  ask(request, payload = new Uint8Array()) {
    let answer;
    try {
      answer = this.#call(encoder.encode(JSON.stringify(request)), payload);
    } catch {
      // The module has stopped, and with it the instance; a new one opens the same network.
      this.#start();
      if (this.#file) this.#call(encoder.encode('{"ask":"open"}'), this.#file);
      throw new Error("the program stopped at this input and was started again");
    }
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  }

  #call(request, payload) {
    const { memory, reserve, ask, answer } = this.#exports;
    const start = reserve(request.length + payload.length);
    const room = new Uint8Array(memory.buffer, start, request.length + payload.length);
    room.set(request);
    room.set(payload, request.length);
    const length = ask(request.length);
    return JSON.parse(decoder.decode(new Uint8Array(memory.buffer, answer(), length)));
  }
}
