// Sends papers from a weak phone: one at a time, until the server has stored each of them. The page works as a plain
// form without this file; with it, a lost signal, a closed browser and a restarted server only cost time.

import { Preview, megabytes, paragraph } from "./upload-preview.js";
import { Queue, hex, newKey } from "./upload-queue.js";
import { Refused, Sender, library } from "./upload-send.js";

const NOT_KEPT = "Memori HP ini penuh atau tertutup. Jangan tutup halaman ini sampai semua terkirim.";
const QUARTER = 25;

class Sending {
  #rows = new Map();
  #running = false;

  constructor(section, queue) {
    this.section = section;
    this.queue = queue;
    this.data = section.dataset;
    this.list = section.querySelector("[data-list]");
    this.note = section.querySelector("[data-note]");
    this.done = section.querySelector("[data-done]");
    this.news = document.getElementById("kiriman-kabar");
    this.row = document.getElementById("satu-kiriman");
  }

  /** Takes pages of this page's paper into the queue. */
  async add(pages) {
    let kept = true;
    for (const { blob, name } of pages) {
      const entry = {
        id: newKey(), key: newKey(), claim: this.data.claim, paper: this.data.name,
        address: this.data.address, blob, name, url: null, sha256: await digestOf(blob), addedAt: Date.now(),
      };
      kept = await this.queue.put(entry) && kept;
      this.#show(entry);
    }
    [this.note.hidden, this.done.hidden] = [false, true];
    if (!kept) this.note.textContent = NOT_KEPT;
    this.section.querySelector("h2").focus();
    this.go();
  }

  /** Goes on with whatever waits on this phone for this case. */
  async go() {
    if (this.#running) return;
    this.#running = true;
    const work = () => this.#work();
    if (navigator.locks) await navigator.locks.request("kiriman", work);
    else await work();
    this.#running = false;
  }

  async showWaiting() {
    for (const entry of await this.queue.entries(this.data.claim)) this.#show(entry);
  }

  async #work() {
    for (;;) {
      const waiting = await this.queue.entries(this.data.claim);
      for (const [id, shown] of this.#rows) {
        // another page of this browser sent it meanwhile
        if (!shown.over && !waiting.some((entry) => entry.id === id)) this.#over(shown, "Sudah tidak menunggu di HP ini.");
      }
      const next = waiting.find((entry) => !this.#show(entry).over);
      if (!next) return;
      await this.#send(next, this.#show(next));
    }
  }

  async #send(entry, shown) {
    shown.sender = new Sender(entry, {
      token: this.data.token,
      script: this.data.script,
      save: (changed) => this.queue.put(changed),
      show: this.#progress(entry, shown),
    });
    try {
      const said = await shown.sender.run();
      if (said === null) return;
      await this.queue.remove(entry.id);
      this.#over(shown, `✓ ${said.sentence}`, said.hints);
      this.#say(`${entry.name}: ${said.sentence}`);
    } catch (problem) {
      if (!(problem instanceof Refused)) throw problem;
      if (!problem.kept) await this.queue.remove(entry.id);
      this.#over(shown, problem.sentence, [], true);
      this.#say(`${entry.name}: ${problem.sentence}`);
    }
    const all = [...this.#rows.values()].every((one) => one.over);
    this.done.hidden = !all;
    this.note.hidden = all;
  }

  #progress(entry, shown) {
    let told = -1;
    return {
      sending: () => { shown.words.textContent = "Mengirim…"; shown.now.hidden = true; },
      waiting: (seconds) => {
        shown.words.textContent = `Belum terkirim karena sinyal lemah. Mencoba lagi dalam ${seconds} detik.`;
        shown.now.hidden = false;
      },
      progress: (sent, total) => {
        const percent = Math.min(99, Math.floor((100 * sent) / total));
        shown.bar.value = percent;
        shown.words.textContent = sent === total
          ? "Sampai semua. Sedang diperiksa dan disimpan…"
          : `Mengirim… ${percent} % dari ${megabytes(total)}`;
        const quarter = Math.floor(percent / QUARTER) * QUARTER;
        if (quarter !== told) this.#say(`${entry.name}: ${quarter} persen terkirim`);
        told = quarter;
      },
    };
  }

  #show(entry) {
    const known = this.#rows.get(entry.id);
    if (known) return known;
    const row = this.row.content.firstElementChild.cloneNode(true);
    const find = (name) => row.querySelector(`[data-${name}]`);
    const shown = { row, words: find("words"), bar: find("bar"), now: find("now"), drop: find("drop"), over: false };
    find("name").textContent = entry.paper === this.data.name ? entry.name : `${entry.paper}: ${entry.name}`;
    shown.bar.setAttribute("aria-label", entry.name);
    shown.words.textContent = `Menunggu giliran, ${megabytes(entry.blob.size)}`;
    shown.now.addEventListener("click", () => shown.sender?.hurry());
    shown.drop.addEventListener("click", () => this.#drop(entry, shown));
    this.#rows.set(entry.id, shown);
    this.list.append(row);
    this.section.hidden = false;
    return shown;
  }

  async #drop(entry, shown) {
    await this.queue.remove(entry.id);
    this.#over(shown, "Dihapus dari HP ini. Tidak dikirim.", [], true);
    const sender = shown.sender ?? new Sender(entry, { token: this.data.token });
    await sender.stop();
  }

  #over(shown, sentence, hints = [], failed = false) {
    Object.assign(shown, { over: true });
    shown.row.classList.add(failed ? "sending-failed" : "sending-sent");
    shown.words.textContent = sentence;
    for (const hint of hints) shown.words.after(paragraph(hint));
    shown.bar.value = 100;
    for (const part of [shown.bar, shown.now, shown.drop]) part.hidden = true;
  }

  #say(words) {
    this.news.textContent = words;
  }
}

async function digestOf(blob) {
  if (!globalThis.crypto?.subtle) return null;
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer())));
}

async function begin(section) {
  const sending = new Sending(section, await Queue.open());
  await sending.showWaiting();
  const form = document.querySelector("form[data-papers]");
  if (form) {
    await library(section.dataset.script);
    new Preview(document.getElementById("pratinjau"), form, (pages) => sending.add(pages));
    form.classList.add("doors");
    for (const plain of form.querySelectorAll("[data-plain]")) plain.hidden = true;
  }
  await sending.go();
}

const section = document.getElementById("kiriman");
// without the script of others the plain form stays as it is
if (section) begin(section).catch(() => {});
