// One file to the server, over a line that comes and goes. Speaks tus 1.0 through tus-js-client.

import { newKey } from "./upload-queue.js";

const SMALLEST = 32 * 1024;
const LARGEST = 512 * 1024;
const QUICK_MS = 3000;
const SILENCE_MS = 60_000;
const LONGEST_WAIT_S = 300;
const START_ANEW = [400, 404, 410, 460];
const LATER = [408, 429];
const SIGNED_OUT = [401, 403];
const VERSION = { "Tus-Resumable": "1.0.0" };

/** The file will not be taken, whatever the line does; `sentence` says why, `kept` whether to try later. */
export class Refused extends Error {
  constructor(sentence, kept = false) {
    super(sentence);
    this.sentence = sentence;
    this.kept = kept;
  }
}

/** Loads the library once, when there is something to send. */
export function library(address) {
  if (window.tus) return Promise.resolve(window.tus);
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(window.tus);
    script.onerror = () => { script.remove(); reject(new Error("script")); };
    document.head.append(script);
  });
}

export class Sender {
  #chunk = 2 * SMALLEST;
  #wake = () => {};
  #upload = null;
  #stopped = false;

  /** show: {progress(sent, total), waiting(seconds), sending()}; save(entry) keeps what changed. */
  constructor(entry, { token, script, show, save }) {
    Object.assign(this, { entry, token, script, show, save });
  }

  /** Sends until the server has stored the file and returns what it says; gives up only when refused. */
  async run() {
    let failures = 0;
    while (!this.#stopped) {
      const before = this.sent ?? 0;
      try {
        return await this.#once();
      } catch (problem) {
        if (problem instanceof Refused) throw problem;
        if (this.#stopped) break;
        this.#chunk = Math.max(SMALLEST, this.#chunk / 2);
        failures = (this.sent ?? 0) > before ? 0 : failures;
        await this.#wait(Math.min(LONGEST_WAIT_S, 2 ** failures));
        failures += 1;
      }
    }
    return null;
  }

  /** The person wants it now, or the phone says that there is a line again. */
  hurry() {
    this.#wake();
  }

  /** The person does not want to send this file any more. */
  async stop() {
    this.#stopped = true;
    this.#upload?.abort();
    this.#wake();
    if (this.entry.url) {
      const headers = { ...VERSION, "X-CSRFToken": this.token };
      // kept alive: the person may leave this page at once
      await fetch(this.entry.url, { method: "DELETE", headers, keepalive: true }).catch(() => {});
    }
  }

  async #once() {
    this.show.sending();
    const tus = await library(this.script);
    if (!this.entry.url) await this.#find();
    await this.#transfer(tus);
    return this.#ask(this.entry.url);
  }

  /** Looks for what an earlier visit began with the same bytes. */
  async #find() {
    const waiting = await this.#ask(this.entry.address);
    const same = waiting.find((one) => one.sha256 && one.sha256 === this.entry.sha256);
    if (same) await this.#remember(same.address);
  }

  #remember(url) {
    this.entry.url = url;
    return this.#stopped ? null : this.save(this.entry);
  }

  #transfer(tus) {
    const { entry } = this;
    return new Promise((resolve, reject) => {
      let watch = 0;
      let began = performance.now();
      let quick = 0;
      const heard = () => {
        clearTimeout(watch);
        watch = setTimeout(() => { upload.abort(); reject(new Error("silence")); }, SILENCE_MS);
      };
      const upload = new tus.Upload(entry.blob, {
        endpoint: entry.url ? null : entry.address,
        uploadUrl: entry.url,
        chunkSize: this.#chunk,
        retryDelays: null,
        storeFingerprintForResuming: false,
        headers: { "X-CSRFToken": this.token },
        metadata: { filename: entry.name, key: entry.key, ...(entry.sha256 && { sha256: entry.sha256 }) },
        onUploadUrlAvailable: () => { heard(); if (upload.url !== entry.url) this.#remember(upload.url); },
        onProgress: (sent, total) => { heard(); this.show.progress(sent, total); },
        onChunkComplete: (_size, accepted) => {
          this.sent = accepted;
          quick = performance.now() - began < QUICK_MS ? quick + 1 : 0;
          began = performance.now();
          if (quick >= 3) [this.#chunk, quick] = [Math.min(LARGEST, this.#chunk * 2), 0];
          upload.options.chunkSize = this.#chunk;
        },
        onSuccess: () => { clearTimeout(watch); resolve(); },
        onError: (problem) => { clearTimeout(watch); this.#understand(problem).then(reject, reject); },
      });
      this.#upload = upload;
      heard();
      upload.start();
    });
  }

  /** Turns what the server said into something to wait for, or into a refusal. */
  async #understand(problem) {
    const answer = problem.originalResponse;
    if (!answer || answer.getStatus() >= 500 || answer.getStatus() === 0) return problem;
    let said = read(answer.getBody());
    if (!said && this.entry.url) said = await this.#ask(this.entry.url).then(() => null, (other) => other);
    return this.#judged(answer.getStatus(), said, problem);
  }

  async #judged(status, said, problem) {
    if (SIGNED_OUT.includes(status)) {
      return new Refused("HP ini perlu masuk lagi. Fotonya masih tersimpan di HP ini. Muat ulang halaman.", true);
    }
    if (said instanceof Refused) return said;
    if (said?.again || LATER.includes(status)) return problem;
    if (START_ANEW.includes(status) && !this.entry.anew) {
      Object.assign(this.entry, { anew: true, url: null, key: newKey() });
      await this.save(this.entry);
      return problem;
    }
    // an answer without our sentence says nothing about the file: it may even be stored
    return said?.sentence ? new Refused(said.sentence) : problem;
  }

  async #ask(address) {
    const answer = await fetch(address, { headers: { ...VERSION, Accept: "application/json" } });
    const said = read(await answer.text());
    if (answer.ok && said && !answer.redirected) return said;
    throw await this.#judged(answer.redirected ? 401 : answer.status, said, new Error("answer"));
  }

  async #wait(seconds) {
    const until = Date.now() + seconds * 1000;
    let woken = false;
    const online = () => this.#wake();
    window.addEventListener("online", online);
    while (!woken && Date.now() < until) {
      this.show.waiting(Math.ceil((until - Date.now()) / 1000));
      await new Promise((resolve) => {
        const tick = setTimeout(resolve, 1000);
        this.#wake = () => { woken = true; clearTimeout(tick); resolve(); };
      });
    }
    window.removeEventListener("online", online);
  }
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
