// Keeps a visit while it is filled in, one write after the other, and says whether it is kept.

import { button, el, icon } from "./dom.js";
import { ChangedElsewhere, sentenceOf } from "./troubles.js";

const REST = 400; // milliseconds of rest before typing is kept

export class Keeper {
  #last = Promise.resolve();
  #timer = 0;
  #changes = 0;

  constructor(store, visit, said) {
    Object.assign(this, { store, visit, said });
    this.unkept = false;
  }

  /** Soon: while somebody types. */
  soon() {
    this.unkept = true;
    this.#changes += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.now(), REST);
  }

  /** At once; resolves to whether it is kept. */
  now() {
    clearTimeout(this.#timer);
    this.unkept = true;
    this.#changes += 1;
    this.#last = this.#last.then(() => this.#keep());
    return this.#last;
  }

  async #keep() {
    const changes = this.#changes;
    try {
      const copy = structuredClone(this.visit);
      await this.store.putVisit(copy);
      this.visit.rev = copy.rev;
      this.unkept = changes !== this.#changes; // what was typed meanwhile is not in the copy
      this.said.replaceChildren(icon("check"), el("span", { text: "Tersimpan di HP ini" }));
      this.said.classList.remove("keeper-wrong");
      return true;
    } catch (error) {
      this.said.replaceChildren(icon("alert"), el("span", { text: sentenceOf(error) }),
        error instanceof ChangedElsewhere ? "" : button("Simpan lagi", () => this.now(), "secondary"));
      this.said.classList.add("keeper-wrong");
      return false;
    }
  }
}
