// What the phone keeps, sealed row by row under the key behind the PIN: one database for each person, and a small one
// that says whose they are. In the clear lie only a visit's state and place in the queue.

import { deleteDB, openDB } from "../vendor/idb.js";
import { seal, unseal } from "./keys.js";

const PEOPLE = "lapangan";
const text = new TextEncoder();
const words = new TextDecoder();
const WAITING = ["queued", "sending", "failed"];

/** The phone has no room left. Nothing that was kept before is lost. */
export class StorageFull extends Error {
  constructor() {
    super("Penyimpanan HP penuh. Yang baru diisi belum tersimpan; yang sudah tersimpan tetap aman. "
      + "Hapus foto atau video lain di HP ini, lalu tekan Simpan lagi.");
    this.name = "StorageFull";
  }
}

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
export const everybody = () => withPeople((database) => database.getAll("people"));
/** @param {Person} person */
export const keepPerson = (person) => write(() => withPeople((database) => database.put("people", person)));

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
}

export class Store {
  #key;
  #database = null;

  /** @param {string} device @param {CryptoKey|null} key null: only states can be read */
  constructor(device, key) {
    this.device = device;
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
      blocking: () => this.close(),
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
    if (JSON.stringify(back) !== JSON.stringify(pack)) throw new Error("the pack was not read back as it was kept");
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

  /** Every visit kept here, opened, in the order in which they were finished. */
  async visits() {
    const rows = await this.#database.getAll("visits");
    const all = await Promise.all(rows.map((row) => this.#visit(row)));
    return all.sort((one, other) => (one.sequence ?? Infinity) - (other.sequence ?? Infinity) || one.at - other.at);
  }

  async visit(id) {
    const row = await this.#database.get("visits", id);
    return row ? this.#visit(row) : null;
  }

  async #visit(row) {
    const { id, state, sequence, planned, at } = row;
    return { ...(await this.#opened("visits", row)), id, state, sequence, planned, at };
  }

  /** Keeps a visit. Its number is not written here: see `number`. */
  async putVisit(visit) {
    const { id, state, sequence, planned, at, ...rest } = visit;
    const sealed = await this.#sealed("visits", id, rest);
    await write(async () => {
      const work = this.#database.transaction("visits", "readwrite", { durability: "strict" });
      const before = await work.store.get(id);
      await work.store.put({ ...sealed, state, sequence: before?.sequence ?? null, planned, at });
      await work.done;
    });
  }

  /** Gives a visit the next number of this phone, once. Counter and visit change together or not at all. */
  async number(id) {
    return write(async () => {
      const work = this.#database.transaction(["visits", "numbers"], "readwrite", { durability: "strict" });
      const row = await work.objectStore("visits").get(id);
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

  /** Removes a visit with its photos. */
  async removeVisit(id) {
    const work = this.#database.transaction(["visits", "photos"], "readwrite", { durability: "strict" });
    const photos = work.objectStore("photos");
    for (const key of await photos.index("visit").getAllKeys(id)) await photos.delete(key);
    await work.objectStore("visits").delete(id);
    await work.done;
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
