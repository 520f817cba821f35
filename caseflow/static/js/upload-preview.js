// What was chosen, before it is sent: each page to look at, with advice, and what it will cost in data.

import { prepare } from "./upload-photo.js";

const LIMIT = 20 * 1024 * 1024;
const MOST = 10;
const ADVICE = {
  dark: "Foto agak gelap. Coba di dekat jendela.",
  blurred: "Foto agak kabur. Tahan HP diam, lalu foto lagi.",
  small: "Foto agak kecil. Coba foto lebih dekat.",
};
const KINDS = {
  document: "Berkas ini dikirim apa adanya.",
  phone: "Foto dari iPhone ini dikirim apa adanya. Petugas bisa membukanya.",
  original: "Foto ini tidak bisa dikecilkan di HP ini. Dikirim apa adanya.",
};

/** Bytes as people read them: 0,3 MB. */
export function megabytes(bytes) {
  return `${Math.max(0.1, bytes / 1_000_000).toFixed(1).replace(".", ",")} MB`;
}

export class Preview {
  #pages = [];
  #replaced = null;
  #last = null;

  /** form: the two doors, out of sight while pages are looked at; send(pages): what happens with "Ya, kirim". */
  constructor(section, form, send) {
    const inputs = form.querySelectorAll("input[type=file]");
    this.section = section;
    this.form = form;
    this.list = section.querySelector("[data-pages]");
    this.question = section.querySelector("[data-question]");
    this.yes = section.querySelector("[data-yes]");
    this.page = document.getElementById("satu-halaman");
    for (const input of inputs) input.addEventListener("change", () => this.#chosen(input));
    this.yes.addEventListener("click", () => this.#done(send));
    section.querySelector("[data-more]").addEventListener("click", () => this.#last.click());
    for (const input of inputs) if (input.files.length) this.#chosen(input); // chosen before this was loaded
  }

  async #chosen(input) {
    const files = [...input.files];
    input.value = "";
    if (!files.length) return;
    this.#last = input;
    this.#look(true);
    this.yes.hidden = true; // until every page is there: a quick thumb would send nothing
    this.section.setAttribute("aria-busy", "true");
    for (const file of files) await this.#add(file);
    this.section.removeAttribute("aria-busy");
    this.#tell();
    this.section.querySelector("h2").focus();
  }

  async #add(file) {
    const row = this.page.content.firstElementChild.cloneNode(true);
    row.querySelector("[data-name]").textContent = `${file.name}: sedang disiapkan…`;
    const old = this.#replaced;
    this.#replaced = null;
    if (old) old.row.replaceWith(row);
    else this.list.append(row);
    const page = { row, ...(await prepare(file)) };
    this.#pages = old ? this.#pages.map((one) => (one === old ? page : one)) : [...this.#pages, page];
    this.#draw(page);
  }

  #draw(page) {
    const { row, picture } = page;
    const size = page.kind === "photo"
      ? `${megabytes(page.before)} menjadi ${megabytes(page.blob.size)}`
      : megabytes(page.blob.size);
    row.querySelector("[data-name]").textContent = `${page.name} (${size})`;
    if (picture) {
      picture.setAttribute("role", "img");
      picture.setAttribute("aria-label", `Foto ${page.name}`);
      row.querySelector("[data-picture]").replaceChildren(picture);
    }
    const words = page.advice.map((one) => ADVICE[one]);
    page.fits = page.blob.size > 0 && page.blob.size <= LIMIT;
    if (page.blob.size > LIMIT) words.push("Berkas lebih dari 20 MB, jadi tidak bisa dikirim. Coba foto ulang.");
    if (page.blob.size === 0) words.push("Berkas kosong, jadi tidak bisa dikirim. Coba foto ulang.");
    row.querySelector("[data-advice]").replaceChildren(...words.map((text) => paragraph(text)));
    row.querySelector("[data-kind]").textContent = KINDS[page.kind] ?? "";
    row.querySelector("[data-again]").addEventListener("click", () => { this.#replaced = page; this.#last.click(); });
    row.querySelector("[data-drop]").addEventListener("click", () => this.#drop(page));
  }

  #drop(page) {
    page.row.remove();
    this.#pages = this.#pages.filter((one) => one !== page);
    this.#tell();
    if (this.#pages.length) this.section.querySelector("h2").focus();
    else this.#last?.focus();
  }

  #look(looking) {
    this.section.hidden = !looking;
    this.form.hidden = looking;
  }

  #ready() {
    return this.#pages.filter((page) => page.fits).slice(0, MOST);
  }

  #tell() {
    const ready = this.#ready();
    this.#look(this.#pages.length > 0);
    this.yes.hidden = ready.length === 0;
    const asked = this.#pages.some((page) => page.picture) ? "Apakah tulisannya terbaca?" : "Kirim berkas ini?";
    const most = "Sekali kirim paling banyak 10 halaman. Yang dikirim 10 halaman pertama.";
    this.question.textContent = this.#pages.length > MOST ? `${most} ${asked}` : asked;
    const size = megabytes(ready.reduce((sum, page) => sum + page.blob.size, 0));
    this.yes.textContent = ready.length > 1 ? `Ya, kirim ${ready.length} halaman (${size})` : `Ya, kirim (${size})`;
  }

  async #done(send) {
    const ready = this.#ready();
    this.#pages = [];
    this.list.replaceChildren();
    this.#look(false);
    await send(ready.map(({ blob, name, kind }) => ({ blob, name, kind })));
  }
}

/** A sentence of its own. */
export function paragraph(text) {
  const made = document.createElement("p");
  made.textContent = text;
  return made;
}
