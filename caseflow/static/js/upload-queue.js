// Files that wait to be sent, kept on this phone until the server has stored them. Where the phone keeps nothing
// (private browsing, a full memory), they wait in this page alone.

const NAME = "kiriman";
const WEEK = 7 * 24 * 3600 * 1000;

/** A name that nobody guesses and nobody else has. */
export function newKey() {
  return hex(crypto.getRandomValues(new Uint8Array(16)));
}

/** Bytes in hexadecimal digits. */
export function hex(bytes) {
  return [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
}

export class Queue {
  #database = null;
  #here = new Map();

  /** Opens what this phone keeps; `kept` says whether it keeps anything. */
  static async open() {
    const queue = new Queue();
    try {
      queue.#database = await opened();
    } catch {
      queue.#database = null;
    }
    return queue;
  }

  get kept() {
    return this.#database !== null;
  }

  /** Files of one case, oldest first; those of others, and forgotten ones, are not shown. */
  async entries(claim) {
    const kept = this.#database ? await this.#ask("readonly", (store) => store.getAll()) : [];
    const old = kept.filter((entry) => entry.addedAt < Date.now() - WEEK);
    for (const entry of old) await this.remove(entry.id);
    const all = [...kept.filter((entry) => !old.includes(entry)), ...this.#here.values()];
    return all.filter((entry) => entry.claim === claim).sort((one, other) => one.addedAt - other.addedAt);
  }

  /** Keeps an entry; returns whether it outlives this page. */
  async put(entry) {
    if (this.#database && !this.#here.has(entry.id)) {
      try {
        await this.#ask("readwrite", (store) => store.put(entry));
        return true;
      } catch {
        // the memory of the phone is full
      }
    }
    this.#here.set(entry.id, entry);
    return false;
  }

  async remove(id) {
    this.#here.delete(id);
    if (this.#database) await this.#ask("readwrite", (store) => store.delete(id));
  }

  #ask(mode, act) {
    return new Promise((resolve, reject) => {
      const work = this.#database.transaction(NAME, mode, { durability: "strict" });
      const asked = act(work.objectStore(NAME));
      work.oncomplete = () => resolve(asked.result);
      work.onerror = () => reject(work.error);
      work.onabort = () => reject(work.error);
    });
  }
}

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(NAME, { keyPath: "id" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
    asked.onblocked = () => reject(new Error("blocked"));
  });
}
