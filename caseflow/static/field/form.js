// The form of one visit: fifteen questions on one page, kept at every answer. Only three of them block finishing.

import { ask, banner, button, choice, el, icon, labelled } from "./dom.js";
import { photoField } from "./photo_field.js";
import * as draw from "./questions.js";
import { answerOf, isAnswered, missing, newVisit, questionsOf, write } from "./visit.js";
import { daysLater, today } from "./words.js";

const REST = 400; // milliseconds of rest before typing is kept
// where the sentence for a part is shown that is no question of its own
const BELONGS_TO = { another_day_on: "outcome", stopped_why: "livelihood_stage", levy_words: "levy_reported", received_in_full: "received" };

/** The part of the form that keeps what is written, one after the other, and says so. */
class Keeper {
  #last = Promise.resolve();
  #timer = 0;

  constructor(store, visit, said) {
    Object.assign(this, { store, visit, said });
    this.unkept = false;
  }

  /** Soon: while somebody types. */
  soon() {
    this.unkept = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.now(), REST);
  }

  /** At once; resolves to whether it is kept. */
  now() {
    clearTimeout(this.#timer);
    this.unkept = true;
    this.#last = this.#last.then(() => this.#keep());
    return this.#last;
  }

  async #keep() {
    try {
      await this.store.putVisit(structuredClone(this.visit));
      this.unkept = false;
      this.said.replaceChildren(icon("check"), el("span", { text: "Tersimpan di HP ini" }));
      this.said.classList.remove("keeper-wrong");
      return true;
    } catch (error) {
      this.said.replaceChildren(icon("alert"), el("span", { text: error.message }), button("Simpan lagi", () => this.now(), "secondary"));
      this.said.classList.add("keeper-wrong");
      return false;
    }
  }
}

/** @returns {Promise<Node[]>} the screen of one planned visit */
export async function formScreen(app, plannedId) {
  const found = app.planned(plannedId);
  const kept = (await app.store.visits()).filter((one) => one.planned === plannedId);
  const visit = kept.find((one) => one.state === "draft" || (one.state === "failed" && !one.receivedAt)) ?? (found && newVisit(...found, app.pack));
  if (!visit || !found) return [gone(kept)];
  return new Form(app, visit, ...found).parts();
}

function gone(kept) {
  return el("div", {}, el("h1", { text: "Kunjungan ini tidak ada di HP ini" }),
    banner("info", "Keluarga ini tidak lagi ada di daftar Anda", kept.length
      ? "Yang sudah diisi masih ada di Antrean, dan bisa disimpan sebagai salinan."
      : "Unduh daftar keluarga lagi bila ada sinyal."),
    el("a.button.button-secondary", { href: "#/hari", text: "Kembali ke hari ini" }));
}

class Form {
  constructor(app, visit, family, planned) {
    Object.assign(this, { app, visit, family, planned });
    this.said = el("span.keeper", { role: "status" });
    this.progress = el("span.form-count");
    this.bar = el("progress", { max: "1", "aria-label": "Pertanyaan yang sudah dijawab" });
    this.body = el("div.questions");
    this.problems = el("div");
    this.keeper = new Keeper(app.store, visit, this.said);
    this.errors = Object.fromEntries(Object.entries(visit.trouble?.fields ?? {}).map(([name, said]) => [BELONGS_TO[name] ?? name, said]));
    app.leaving = () => this.keeper.unkept && this.keeper.now();
  }

  parts() {
    const { visit, family, planned } = this;
    this.redraw();
    return [
      el("a.back-link", { href: `#/keluarga/${family.plan}` }, icon("back"), family.family_name),
      el("h1", { text: planned.title }),
      el("p.quiet", { text: `${family.family_name} · ${family.jorong}` }),
      !visit.asksLivelihood && banner("info", "Belum 40 hari", "Pertanyaan tentang uang dan usaha ditanyakan pada kunjungan berikutnya."),
      visit.trouble && banner("warning", "Kiriman sebelumnya belum diterima", visit.trouble.sentence),
      el("div.form-progress", {}, this.progress, this.bar, this.said),
      this.problems, this.body,
      el("div.form-end", {}, button("Selesaikan kunjungan", () => this.finish(), "primary", "check"),
        button("Hapus isian ini", () => this.drop(), "link")),
    ].filter(Boolean);
  }

  answer(name) {
    return answerOf(this.visit, name, this.family, this.planned);
  }

  /** Writes one answer and keeps it. */
  write(field, value, { soon = false, again = false } = {}) {
    write(this.visit, field, value, this.family, this.planned);
    delete this.errors[BELONGS_TO[field] ?? field];
    this.changed({ soon, again });
  }

  changed({ soon = false, again = false } = {}) {
    this.visit.at = Date.now();
    if (again) this.redraw();
    this.count();
    return soon ? this.keeper.soon() : this.keeper.now();
  }

  count() {
    const asked = questionsOf(this.visit, this.app.pack);
    const done = asked.filter((one) => isAnswered(one, this.visit, this.answer(one.name))).length;
    this.progress.textContent = `${done} dari ${asked.length}`;
    this.bar.max = asked.length;
    this.bar.value = done;
    if (!Object.keys(missing(this.visit, this.app.pack, (name) => this.answer(name))).length) this.problems.replaceChildren();
  }

  redraw() {
    const at = document.activeElement?.id;
    this.body.replaceChildren(...questionsOf(this.visit, this.app.pack).map((one) => this.question(one)), this.facts());
    this.count();
    if (at) document.getElementById(at)?.focus({ preventScroll: true });
  }

  question(question) {
    const error = this.errors[question.name];
    return el(`fieldset.card.question${error ? ".field-wrong" : ""}`, { id: `q-${question.name}` },
      el("legend", {}, el("span.question-number", { text: String(question.number) }), el("span", { text: question.label }),
        question.blocks && el("span.hidden-words", { text: " (perlu diisi)" })),
      question.hint && question.kind !== "text" && el("p.hint", { text: question.hint }),
      error && el("p.field-error", {}, icon("alert"), el("span", { text: error })),
      this.control(question));
  }

  control(question) {
    const { name, kind } = question;
    const value = this.answer(name);
    const put = (written) => this.write(name, written);
    const typed = (written) => this.write(name, written, { soon: true });
    switch (kind) {
      case "outcome": return this.outcome(question);
      case "people": return draw.people(question, value, typed);
      case "shown": return draw.received(this.family, this.answer("received_in_full"), (code) => this.write("received_in_full", code));
      case "beans": return draw.beans(question, value, put);
      case "one": return name === "livelihood_stage" ? this.stage(question, value) : draw.one(question, value, put);
      case "children": return draw.children(value, this.family.children ?? [], typed);
      case "levy": return this.levy(question, value);
      case "several": return draw.several(question, value, put, "none");
      case "text": return draw.text(question, value, typed);
      case "photos": return photoField(this.visit, { store: this.app.store, changed: () => this.changed() });
      case "consent": return draw.consent(this.visit, this.app.pack.consent, () => { delete this.errors.consent; this.changed({ soon: true }); });
      case "day": return draw.day(name, "Tanggal", value, put);
      default: return el("p.hint", { text: "Perbarui aplikasi untuk menjawab pertanyaan ini. Jawaban lain tetap tersimpan." });
    }
  }

  outcome(question) {
    const { visit } = this;
    const chosen = draw.one(question, visit.outcome, (code) => {
      visit.outcome = code;
      visit.anotherDayOn = code === "another_day" ? visit.anotherDayOn ?? daysLater(today(), 7) : null;
      delete this.errors.outcome;
      this.changed({ again: true });
    });
    return el("div", {}, chosen, visit.outcome === "another_day"
      && draw.day("another_day_on", "Tanggal yang diminta keluarga", visit.anotherDayOn, (on) => { visit.anotherDayOn = on; this.changed(); }));
  }

  stage(question, value) {
    const why = el("input.input", { value: this.answer("stopped_why") ?? "", maxlength: "200",
      input: () => this.write("stopped_why", why.value, { soon: true }) });
    return el("div", {}, draw.one(question, value, (code) => this.write("livelihood_stage", code, { again: true })),
      value === "stopped" && labelled("box-stopped_why", "Sebab berhenti", why));
  }

  levy(question, value) {
    const words = el("textarea.input", { rows: "4", maxlength: "1500", input: () => this.write("levy_words", words.value, { soon: true }) });
    words.value = this.visit.answers.levy_words ?? "";
    const codes = { yes: true, no: false };
    return el("div", {}, el("div.choices", {}, question.choices.map(({ code, label }) =>
      choice("radio", "levy_reported", code, label, value === codes[code], () => {
        if (!codes[code]) delete this.visit.answers.levy_words;
        this.write("levy_reported", codes[code], { again: true });
      }))), value === true && labelled("box-levy_words", "Ceritakan dengan kata keluarga", words));
  }

  /** How the family is reached and found: prefilled, changed only when it is wrong. */
  facts() {
    const box = (field, words, hint, type = "text") => {
      const input = el("input.input", { type, value: this.answer(field) ?? "", maxlength: "200", autocomplete: "off",
        input: () => this.write(field, input.value.trim() || null, { soon: true }) });
      return labelled(`box-${field}`, words, input, hint, this.errors[field]);
    };
    return el("details.card.disclosure", { open: Boolean(this.errors.contact_phone || this.errors.landmark) },
      el("summary", {}, icon("next"), "Nomor telepon atau patokan berubah?"),
      box("contact_phone", "Nomor yang bisa dihubungi", "Kosongkan bila tidak punya.", "tel"),
      box("landmark", "Patokan rumah", "Misalnya “dekat surau, rumah papan hijau”."));
  }

  async drop() {
    if (!(await ask("Hapus isian kunjungan ini?", "Jawaban dan foto kunjungan ini hilang dari HP ini dan belum pernah diterima.", "Hapus"))) return;
    this.app.leaving = null;
    await this.app.store.removeVisit(this.visit.id);
    this.app.go("#/hari");
  }

  async finish() {
    const { visit, app } = this;
    this.errors = missing(visit, app.pack, (name) => this.answer(name));
    this.redraw();
    const left = Object.entries(this.errors);
    this.problems.replaceChildren(...(left.length ? [this.summary(left)] : []));
    if (left.length) return this.problems.firstElementChild.focus();
    Object.assign(visit, { state: "queued", finishedAt: new Date().toISOString(), at: Date.now(), trouble: null, tried: false });
    const before = { state: "draft", finishedAt: null };
    if (!(await this.keeper.now())) { Object.assign(visit, before); return; }
    app.leaving = null;
    app.told = "Tersimpan di HP. Akan dikirim saat ada sinyal.";
    app.go("#/hari");
    app.queue.send();
  }

  summary(left) {
    return el("div.error-summary", { tabindex: "-1", role: "alert", "aria-labelledby": "left-title" },
      el("h2", { id: "left-title" }, icon("alert"), "Kunjungan belum bisa diselesaikan"),
      el("p", { text: "Jawaban lain sudah tersimpan di HP ini." }),
      el("ul", {}, left.map(([name, words]) => el("li", {}, el("a", {
        href: `#q-${name}`, text: words,
        click: (event) => { event.preventDefault(); this.jump(name); },
      })))));
  }

  jump(name) {
    const there = document.getElementById(`q-${name}`);
    there.scrollIntoView({ block: "start" });
    there.querySelector("input, select, textarea")?.focus({ preventScroll: true });
  }
}
