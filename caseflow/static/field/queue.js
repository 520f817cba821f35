// What waits to be sent: one by one, in the order in which the visits were finished. A visit leaves this phone only
// after the server confirmed it with all its photos. No signal is no failure; a failure has its reason.

import { NoSignal, Refused } from "./server.js";
import { ChangedElsewhere, StorageFull, sentenceOf } from "./troubles.js";
import { body } from "./visit.js";

const PIECE = 64 * 1024;
const RETRIES = [5, 15, 60, 300, 900].map((seconds) => seconds * 1000);
const PHOTO_TRIES = 3;
const LOCK = "lapangan-kirim"; // two windows of this phone never send at once
const SERVER_FAILED = "Server terganggu waktu menerima kunjungan ini. Kunjungan tetap tersimpan di HP ini dan dikirim lagi nanti.";
const BROKEN = "Kunjungan ini tidak terbaca utuh di HP ini, jadi belum terkirim. Simpan salinan antrean, lalu hubungi penyelia.";
const NO_PHOTO = "Sebuah foto tidak ada lagi di HP ini, jadi tidak terkirim. Jawaban sudah diterima.";

/**
 * Phases of the bar on top: "idle", "sending" (n of total), "offline", "trouble" (of the server), "stuck" (`reason`),
 * "signed_out", "someone_else" (another account is signed in here), "revoked".
 */
export class Queue extends EventTarget {
  phase = "idle";
  n = 0;
  total = 0;
  #tries = 0;
  #timer = 0;
  #running = null;
  #again = false;
  #ended = false;
  full = false; // this phone could not write down how far it is; what is sent is sent all the same

  /** @param {import("./store.js").Store} store @param {import("./server.js").Server} server */
  constructor(store, server, { name, phone, forgetAll, heard }) {
    super();
    Object.assign(this, { store, server, name, phone, forgetAll, heard });
    this.#online = () => { this.#tries = 0; this.send(); };
    window.addEventListener("online", this.#online);
  }

  #online;

  stop() {
    this.#ended = true;
    clearTimeout(this.#timer);
    window.removeEventListener("online", this.#online);
  }

  /** Sends what waits. Called on opening, when signal returns, by the button, and again later while anything waits. */
  send() {
    if (this.#ended) return Promise.resolve();
    if (this.#running) this.#again = true; // what came after the round began is not forgotten
    this.#running ??= navigator.locks.request(LOCK, () => this.#rounds()).finally(() => { this.#running = null; });
    return this.#running;
  }

  async #rounds() {
    do {
      this.#again = false;
      await this.#all();
    } while (this.#again && !this.#ended);
  }

  async #all() {
    clearTimeout(this.#timer);
    if (this.#ended) return;
    this.full = false;
    try {
      const begun = await this.server.begin();
      if (begun.user.name !== this.name) return this.#say("someone_else");
      await this.#begin();
      const waiting = await this.#waiting();
      this.total = waiting.length;
      for (this.n = 1; this.n <= this.total; this.n += 1) {
        this.#say("sending");
        await this.#one(waiting[this.n - 1].id, new Set());
      }
      await this.#report();
      const left = (await this.#waiting()).length;
      if (left < this.total || !left) this.#tries = 0;
      await this.heard(begun, { sent: this.total > 0 });
      this.#say("idle");
      if (left) this.#later();
    } catch (error) {
      await this.#stopped(error);
    }
  }

  async #stopped(error) {
    if (this.#ended) return;
    if (error instanceof Refused && error.revoked) {
      const lost = (await this.store.rows()).filter((row) => row.state !== "sent" && row.state !== "removed").length;
      await this.forgetAll(error.message, lost);
      await this.server.queue(0, null, true).catch(() => {}); // said once; the page of the supervisor shows it
      return this.#say("revoked");
    }
    if (error instanceof Refused && error.status === 401) return this.#say("signed_out");
    this.#later();
    if (error instanceof NoSignal) return this.#say(error.serverInTrouble ? "trouble" : "offline");
    this.reason = sentenceOf(error); // of this phone: it is full
    this.#say("stuck");
  }

  #later() {
    clearTimeout(this.#timer);
    const wait = RETRIES[Math.min(this.#tries, RETRIES.length - 1)];
    this.#tries += 1;
    this.#timer = setTimeout(() => this.send(), wait);
  }

  #say(phase) {
    this.phase = phase;
    this.dispatchEvent(new Event("change"));
  }

  /** Behind all others comes what the server failed over before. */
  async #waiting() {
    const all = await this.store.visits();
    return [...all.filter((one) => one.state === "queued" || one.state === "sending"), ...all.filter(failedThere)];
  }

  /** A server that lost its memory of this phone is told of it once more; what waits here is not lost with it. */
  async #begin() {
    try {
      await this.#report();
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 404) throw error;
      await this.server.register(this.phone);
      await this.#report();
    }
  }

  /** Tells the server how much waits, since a supervisor asks after phones that were silent for three days. */
  async #report() {
    try {
      await this.#told();
    } catch (error) { // a sign of life that was not understood holds nothing up
      if (!(error instanceof Refused) || error.ofTheSession || error.status === 404) throw error;
    }
  }

  async #told() {
    const rows = (await this.store.rows()).filter((row) => ["queued", "sending", "failed"].includes(row.state));
    const oldest = rows.length ? new Date(Math.min(...rows.map((row) => row.at))).toISOString() : null;
    await this.server.queue(rows.length, oldest);
  }

  /** Whether nothing that was finished before a visit waits to be sent. A number that somebody removed never comes. */
  async #isFirst({ sequence }) {
    return !(await this.store.visits()).some((one) => ["queued", "sending"].includes(one.state) && one.sequence !== null && one.sequence < sequence);
  }

  /** What concerns one visit only is written to it, and the next ones go. */
  async #one(id, before) {
    try {
      await this.#tried(id, before);
    } catch (error) {
      if (error instanceof ChangedElsewhere) return; // reopened or removed meanwhile: it is as somebody left it
      const over = error instanceof NoSignal ? error.overThis : !(error instanceof Refused || error instanceof StorageFull || error.name === "InvalidStateError");
      if (!over) throw error;
      const sentence = error instanceof NoSignal ? SERVER_FAILED : BROKEN;
      const visit = await this.store.visit(id);
      if (visit) await this.#failed(visit, { sentence, error: error instanceof NoSignal ? "server" : "broken", fields: {} });
    }
  }

  async #tried(id, before) {
    const kept = await this.store.visit(id);
    if (!kept || !(["queued", "sending"].includes(kept.state) || failedThere(kept))) return; // went already, before another that had to wait for it
    const sequence = await this.#number(id);
    const visit = { ...kept, sequence, trouble: null };
    if (!visit.receivedAt) {
      Object.assign(visit, { state: "sending", tried: true });
      await this.#keep(visit);
      try {
        const data = await this.server.sendVisit(id, body(visit, await this.#isFirst(visit)));
        Object.assign(visit, { receivedAt: data.received_at, clashes: data.clashes ?? [], wanted: data.photos_wanted ?? [] });
        await this.#keep(visit);
      } catch (error) {
        return this.#refused(visit, error, before);
      }
    }
    try {
      return await this.#photos(visit);
    } catch (error) {
      return this.#photoRefused(visit, error);
    }
  }

  /** How far a visit is; a phone that is too full to write it sends all the same, which makes room. */
  async #keep(visit) {
    try {
      await this.store.putVisit(visit);
    } catch (error) {
      if (!(error instanceof StorageFull)) throw error;
      this.full = true;
    }
  }

  async #number(id) {
    try {
      return await this.store.number(id);
    } catch (error) {
      if (!(error instanceof StorageFull)) throw error;
      this.full = true;
      return this.store.nextNumber();
    }
  }

  async #failed(visit, trouble) {
    Object.assign(visit, { state: "failed", trouble });
    await this.#keep(visit);
    this.dispatchEvent(new Event("change"));
  }

  async #refused(visit, error, before) {
    if (!(error instanceof Refused) || error.ofTheSession) throw error;
    if (error.error === "not_found") throw error; // not this visit but this phone: somebody else signed in meanwhile
    if (error.status === 425) {
      const first = error.data.wait_for;
      if (first && !before.has(first) && ["queued", "sending"].includes((await this.store.visit(first))?.state)) {
        await this.#one(first, before.add(visit.id));
        if (!(await this.store.visit(first)) || (await this.store.visit(first)).state === "sent") return this.#tried(visit.id, before.add(first));
      }
    }
    if (error.status === 410) return this.#removed(visit, error.message);
    await this.#failed(visit, { sentence: error.message, error: error.error, fields: error.fields });
  }

  /** The family said that it wants no visits: nothing of it stays, only the reason until somebody read it. */
  async #removed(visit, sentence) {
    const { id, planned, plan, familyName, title } = visit;
    await this.store.settle({ id, state: "removed", planned, at: Date.now(), plan, familyName, title, trouble: { sentence, fields: {} } }, visit.rev);
  }

  async #photos(visit) {
    for (const photo of visit.photos.filter((one) => visit.wanted.includes(one.uuid))) {
      try {
        await this.#photo(visit, photo);
      } catch (error) {
        if (!(error instanceof Refused) || error.status !== 410) throw error;
        visit.trouble = { sentence: error.message, error: "photo_gone", fields: {} }; // the server wants it no more
      }
      visit.wanted = visit.wanted.filter((one) => one !== photo.uuid);
      await this.#keep(visit);
    }
    const { id, planned, plan, familyName, title, receivedAt, clashes, trouble } = visit;
    await this.store.settle({ id, state: "sent", planned, at: Date.now(), plan, familyName, title, receivedAt, clashes, trouble }, visit.rev);
    this.dispatchEvent(new Event("change"));
  }

  /** The answers are with the server; a photo is not. It stays here, and can be tried again. */
  async #photoRefused(visit, error) {
    if (!(error instanceof Refused) || error.ofTheSession) throw error;
    if (error.status === 404) visit.receivedAt = null; // the server does not know it: say the visit once more
    const sentence = `Jawaban sudah diterima, tetapi sebuah foto belum. ${error.message}`;
    await this.#failed(visit, { sentence, error: "photo", fields: {} });
  }

  async #photo(visit, photo, tries = 1) {
    const bytes = await this.store.photo(photo.uuid).catch(() => null);
    if (!bytes) {
      visit.trouble = { sentence: NO_PHOTO, error: "photo_gone", fields: {} };
      return;
    }
    let offset = await this.server.photoOffset(photo.uuid);
    do { // also when every byte is there: only the answer to the last piece, empty if need be, says that it is stored
      try {
        offset = await this.server.sendPiece(photo.uuid, offset, bytes.slice(offset, offset + PIECE));
      } catch (error) {
        if (!(error instanceof Refused) || ![409, 422].includes(error.status) || tries >= PHOTO_TRIES) throw error;
        return this.#photo(visit, photo, tries + 1);
      }
    } while (offset < photo.size);
  }
}

/** The server failed over it: it is tried again by itself. */
function failedThere(visit) {
  return visit.state === "failed" && visit.trouble?.error === "server";
}
