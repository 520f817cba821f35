// What the phone keeps, sealed row by row under the key behind the PIN: one database for each person, and a small one
// that says whose they are. In the clear lie only a visit's state and place in the queue.

import { deleteDB, openDB } from "../vendor/idb.js";
import { seal, unseal } from "./keys.js";
import { ChangedElsewhere, StorageFull } from "./troubles.js";

const PEOPLE = "lapangan";
const text = new TextEncoder();
const words = new TextDecoder();
const WAITING = ["queued", "sending", "failed"];

async function write(act) {
  try {
    return await act();
  } catch (error) {
    if (error.name === "QuotaExceededError") throw new StorageFull();
    throw error;
  }
}

function people() {
  return openDB(PEOPLE, 1, { upgrade: (database) => { database.createObjectStore("people", { keyPath: "device" }); } });
}

async function withPeople(act) {
  const database = await people();
  try {
    return await act(database);
  } finally {
    database.close();
  }
}

/**
 * Whose visits this phone keeps.
 * @typedef {{device: string, name: string, phone: string, lock: object, tries: number, triedAt: number,
 *   syncedAt: number|null, packEtag: string|null, skew: number, sentAt: number|null, filesIn: string}} Person
 */
/** @returns {Promise<Person[]>} */
export async function everybody() {
  const all = await withPeople((database) => database.getAll("people"));
  return all.map((person) => ({ ...person, ...triesAside(person.device) }));
}

/**
 * Keeps what is known of a person; tries of the PIN are counted apart (`keepTries`). Who was forgotten in another window
 * does not come back so.
 * @param {Person} person
 */
export function keepPerson(person, { fresh = false } = {}) {
  return changePerson(person.device, (before) => {
    if (!before && !fresh) return null;
    return { ...person, tries: before?.tries ?? 0, triedAt: before?.triedAt ?? 0 };
  });
}

function changePerson(device, act) {
  return write(() => withPeople(async (database) => {
    const work = database.transaction("people", "readwrite", { durability: "strict" });
    const after = act(await work.store.get(device));
    if (after) await work.store.put(after);
    await work.done;
    return after;
  }));
}

const aside = (device) => `lapangan-coba-${device}`;

function triesAside(device) {
  try {
    return JSON.parse(localStorage.getItem(aside(device))) ?? {};
  } catch {
    return {};
  }
}

/**
 * Counts a try of the PIN, in all windows together, or forgets them. A full phone counts in another, small place: it
 * must open for who knows the PIN, and not for who guesses.
 * @param {string} device @param {boolean} right whether the PIN was right
 * @returns {Promise<{tries: number, triedAt: number}>}
 */
export async function keepTries(device, right = false) {
  const next = (before) => (right ? { tries: 0, triedAt: 0 } : { tries: (before?.tries ?? 0) + 1, triedAt: Date.now() });
  const already = triesAside(device);
  try {
    const after = await changePerson(device, (before) => before && { ...before, ...next({ ...before, ...already }) });
    localStorage.removeItem(aside(device));
    return after ?? next(null);
  } catch (error) {
    if (!(error instanceof StorageFull)) throw error;
    const found = next((await everybody()).find((one) => one.device === device));
    localStorage.setItem(aside(device), JSON.stringify(found));
    return found;
  }
}

/** How many visits of somebody wait on this phone, and how many are drafts; asked without the PIN. */
export async function unsentOf(device) {
  const store = new Store(device, null);
  await store.open();
  try {
    const states = (await store.rows()).map((row) => row.state);
    return { waiting: states.filter((one) => WAITING.includes(one)).length, drafts: states.filter((one) => one === "draft").length };
  } finally {
    store.close();
  }
}

/** Forgets a person: the pack, the visits, the photos, the key. */
export async function forget(device) {
  await deleteDB(`${PEOPLE}-${device}`);
  await withPeople((database) => database.delete("people", device));
  localStorage.removeItem(aside(device));
}

/** What can still be told of a row whose inside is broken. */
function unreadable({ id, state, sequence, planned, at, rev = 0 }) {
  const trouble = { error: "unreadable", sentence: "Isi kunjungan ini tidak bisa dibaca lagi di HP ini, jadi tidak terkirim. Catat keluarganya, lalu hubungi penyelia.", fields: {} };
  return { id, state: "unreadable", was: state, sequence, planned, at, rev, familyName: "Kunjungan yang rusak", title: "", photos: [], trouble };
}

export class Store {
  #key;
  #database = null;

  /**
   * @param {string} device @param {CryptoKey|null} key null: only states can be read
   * @param {() => void} closed the browser or another window took the database away
   */
  constructor(device, key, closed = () => {}) {
    this.device = device;
    this.closed = closed;
    this.#key = key;
  }

  async open() {
    this.#database = await openDB(`${PEOPLE}-${this.device}`, 1, {
      upgrade(database) {
        database.createObjectStore("pack", { keyPath: "id" });
        database.createObjectStore("visits", { keyPath: "id" });
        database.createObjectStore("photos", { keyPath: "id" }).createIndex("visit", "visit");
        database.createObjectStore("numbers", { keyPath: "id" });
      },
      blocking: () => { this.close(); this.closed(); },
      terminated: () => this.closed(),
    });
    return this;
  }

  close() {
    this.#database?.close();
  }

  /** The families of this month as they were last fetched, or null. */
  async pack() {
    const row = await this.#database.get("pack", "pack");
    return row ? this.#opened("pack", row) : null;
  }

  /** Keeps a pack and reads it back; returns its size in bytes. */
  async putPack(pack) {
    const row = await this.#sealed("pack", "pack", pack);
    await write(() => this.#database.put("pack", row));
    const back = await this.pack();
    if (JSON.stringify(back) !== JSON.stringify(pack)) throw new Error("Daftar keluarga tidak terbaca kembali dari HP ini. Unduh sekali lagi.");
    return row.body.byteLength;
  }

  async dropPack() {
    await this.#database.delete("pack", "pack");
  }

  /** States and places in the queue, in the clear. @returns {Promise<{id, state, sequence, planned, at}[]>} */
  async rows() {
    const rows = await this.#database.getAll("visits");
    return rows.map(({ id, state, sequence, planned, at }) => ({ id, state, sequence, planned, at }));
  }

  /** Every visit kept here, opened, in the order in which they were finished. One that cannot be opened any more hides no other. */
  async visits() {
    const rows = await this.#database.getAll("visits");
    const all = await Promise.all(rows.map((row) => this.#visit(row).catch(() => unreadable(row))));
    return all.sort((one, other) => (one.sequence ?? Infinity) - (other.sequence ?? Infinity) || one.at - other.at);
  }

  async visit(id) {
    const row = await this.#database.get("visits", id);
    return row ? this.#visit(row) : null;
  }

  async #visit(row) {
    const { id, state, sequence, planned, at, rev = 0 } = row;
    return { ...(await this.#opened("visits", row)), id, state, sequence, planned, at, rev };
  }

  /**
   * Keeps a visit as it was read and changed, and counts its `rev` on. Its number is not written here: see `number`.
   * @throws {ChangedElsewhere} it is not any more as it was read, or the same visit was begun in another window
   */
  async putVisit(visit) {
    const { id, state, sequence, planned, at, rev = 0, ...rest } = visit;
    const sealed = await this.#sealed("visits", id, rest);
    await write(async () => {
      const work = this.#database.transaction("visits", "readwrite", { durability: "strict" });
      const before = await work.store.get(id);
      const twin = !before && state === "draft" && (await work.store.getAll()).some((one) => one.planned === planned && one.state === "draft");
      if (twin || (before?.rev ?? 0) !== rev) {
        await work.done;
        throw new ChangedElsewhere();
      }
      await work.store.put({ ...sealed, state, sequence: before?.sequence ?? null, planned, at, rev: rev + 1 });
      await work.done;
    });
    visit.rev = rev + 1;
  }

  /**
   * A visit is through: its answers and photos leave this phone, a line that says so stays. A full phone goes without it.
   * @param {number} rev of the visit as it was sent @throws {ChangedElsewhere} somebody took it up again meanwhile
   */
  async settle(line, rev) {
    const { id, state, planned, at, ...rest } = line;
    const sealed = await this.#sealed("visits", id, rest);
    try {
      await this.#remove(id, rev, { ...sealed, state, sequence: null, planned, at, rev: rev + 1 });
    } catch (error) {
      if (!(error instanceof StorageFull)) throw error;
      await this.#remove(id, rev);
    }
  }

  /** Gives a visit the next number of this phone, once. Counter and visit change together or not at all. */
  async number(id) {
    return write(async () => {
      const work = this.#database.transaction(["visits", "numbers"], "readwrite", { durability: "strict" });
      const row = await work.objectStore("visits").get(id);
      if (!row) throw new ChangedElsewhere();
      if (row.sequence === null) {
        const last = (await work.objectStore("numbers").get("sequence"))?.value ?? 0;
        row.sequence = last + 1;
        await work.objectStore("numbers").put({ id: "sequence", value: row.sequence });
        await work.objectStore("visits").put(row);
      }
      await work.done;
      return row.sequence;
    });
  }

  /** The number that would come next; for a phone that is too full to write it down. */
  async nextNumber() {
    return ((await this.#database.get("numbers", "sequence"))?.value ?? 0) + 1;
  }

  /** Removes a visit with its photos. */
  removeVisit(id) {
    return this.#remove(id);
  }

  #remove(id, rev = null, instead = null) {
    return write(async () => {
      const work = this.#database.transaction(["visits", "photos"], "readwrite", { durability: "strict" });
      const photos = work.objectStore("photos");
      if (rev !== null && (await work.objectStore("visits").get(id))?.rev !== rev) throw new ChangedElsewhere();
      for (const key of await photos.index("visit").getAllKeys(id)) await photos.delete(key);
      await (instead ? work.objectStore("visits").put(instead) : work.objectStore("visits").delete(id));
      await work.done;
    });
  }

  /** Keeps the bytes of a photo of a visit. */
  async putPhoto(id, visit, bytes) {
    const sealed = await seal(this.#key, `photos:${id}`, bytes);
    await write(() => this.#database.put("photos", { id, visit, ...sealed }));
  }

  /** @returns {Promise<ArrayBuffer|null>} */
  async photo(id) {
    const row = await this.#database.get("photos", id);
    return row ? unseal(this.#key, `photos:${id}`, row) : null;
  }

  async removePhoto(id) {
    await this.#database.delete("photos", id);
  }

  async #sealed(store, id, value) {
    return { id, ...(await seal(this.#key, `${store}:${id}`, text.encode(JSON.stringify(value)))) };
  }

  async #opened(store, row) {
    return JSON.parse(words.decode(await unseal(this.#key, `${store}:${row.id}`, row)));
  }
}
