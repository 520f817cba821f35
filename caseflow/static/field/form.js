// The form of one visit: fifteen questions on one page, kept at every answer. Only three of them block finishing.

import { ask, banner, button, choice, el, icon, labelled } from "./dom.js";
import { stateTag, standing } from "./day.js";
import { Keeper } from "./keeper.js";
import { photoField } from "./photo_field.js";
import * as draw from "./questions.js";
import { answerOf, isAnswered, isOpen, missing, newVisit, questionsOf, write } from "./visit.js";
import { daysLater, phoneInstant, today } from "./words.js";

// where the sentence for a part is shown that is no question of its own
const BELONGS_TO = { another_day_on: "outcome", stopped_why: "livelihood_stage", levy_words: "levy_reported", received_in_full: "received" };

/** @returns {Promise<Node[]>} the screen of one planned visit */
export async function formScreen(app, plannedId) {
  const found = app.planned(plannedId);
  const kept = (await app.store.visits()).filter((one) => one.planned === plannedId);
  const begun = kept.find(isOpen);
  const done = standing(kept, app.person).get(plannedId);
  if (!begun && done && ["queued", "sending", "failed", "sent"].includes(done.state)) return finished(done);
  if (!found) return [gone(kept)];
  if (!begun && found[1].state !== "due") return visited(...found);
  return new Form(app, begun ?? newVisit(...found, app.pack), ...found).parts();
}

/** Coming back to a visit that was finished begins no other one. */
function finished(visit) {
  return [el("a.back-link", { href: "#/hari" }, icon("back"), "Hari ini"), el("h1", { text: "Kunjungan ini sudah selesai" }),
    el("p.quiet", { text: `${visit.familyName} · ${visit.title}` }),
    el("div.card", {}, stateTag(visit.state), el("p", { text: `Selesai ${phoneInstant(visit.at)}.` }),
      visit.trouble && el("p.reason", {}, icon("alert"), el("span", { text: visit.trouble.sentence })),
      visit.state === "sent" && el("p", { text: "Bila ada yang kurang, tambahkan lewat “Daftar biasa” di atas." })),
    el("div.button-group", {}, el("a.button.button-primary", { href: "#/antrean", text: "Lihat antrean" }),
      el("a.button.button-secondary", { href: "#/hari", text: "Kembali ke hari ini" }))];
}

function visited(family, planned) {
  return [el("h1", { text: "Kunjungan ini sudah selesai" }), el("p.quiet", { text: `${family.family_name} · ${planned.title}` }),
    banner("info", "Jawabannya sudah diterima", "Bila ada yang kurang, tambahkan lewat “Daftar biasa” di atas."),
    el("a.button.button-secondary", { href: "#/hari", text: "Kembali ke hari ini" })];
}

function gone(kept) {
  return el("div", {}, el("h1", { text: "Kunjungan ini tidak ada di HP ini" }),
    banner("info", "Keluarga ini tidak lagi ada di daftar Anda", kept.length
      ? "Yang sudah diisi masih ada di Antrean. Yang belum selesai bisa diteruskan setelah keluarganya ada lagi."
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
    app.form = this;
    app.leaving = () => !this.keeper.unkept || this.keeper.now();
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
      case "photos": return this.photos();
      case "consent": return draw.consent(this.visit, this.app.pack.consent, () => { delete this.errors.consent; this.changed({ soon: true }); });
      case "day": return draw.day(name, "Tanggal", value, put);
      default: return el("p.hint", { text: "Perbarui aplikasi untuk menjawab pertanyaan ini. Jawaban lain tetap tersimpan." });
    }
  }

  photos() {
    const { node, redraw } = photoField(this.visit, { app: this.app, store: this.app.store, changed: () => this.changed() });
    this.showPhotos = redraw;
    return node;
  }

  outcome(question) {
    const { visit } = this;
    const chosen = draw.one(question, visit.outcome, (code) => {
      visit.outcome = code;
      visit.anotherDayOn = code === "another_day" ? visit.anotherDayOn ?? daysLater(today(), 7) : null;
      this.errors = {};
      this.problems.replaceChildren();
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
        const told = this.visit.answers;
        if (!codes[code]) { this.heldBack = told.levy_words; delete told.levy_words; }
        else if (this.heldBack && !told.levy_words) told.levy_words = this.heldBack; // a slip of the finger loses no story
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
    Object.assign(this.app, { leaving: null, form: null });
    this.visit.state = "removed"; // for a photo that is still on its way
    await this.app.store.removeVisit(this.visit.id);
    this.app.go("#/hari", { instead: true });
  }

  async finish() {
    if (this.finishing) return; // pressed twice
    this.finishing = true;
    try {
      await this.photosReady();
      await this.finishNow();
    } finally {
      this.finishing = false;
    }
  }

  /** A photo that is still being made belongs to this visit; finishing waits for it. */
  async photosReady() {
    const coming = [...this.app.coming].filter((one) => one.visit === this.visit.id);
    if (!coming.length) return;
    this.problems.replaceChildren(banner("info", "Menunggu foto", "Kunjungan selesai sendiri setelah fotonya tersimpan."));
    await Promise.all(coming.map((one) => one.ready));
    this.problems.replaceChildren();
  }

  async finishNow() {
    const { visit, app } = this;
    if (app.form !== this) return; // somebody went elsewhere meanwhile: it stays a draft
    this.errors = missing(visit, app.pack, (name) => this.answer(name));
    this.redraw();
    const left = Object.entries(this.errors);
    this.problems.replaceChildren(...(left.length ? [this.summary(left)] : []));
    if (left.length) return this.problems.firstElementChild.focus();
    const { state, finishedAt, at, trouble, tried } = visit;
    Object.assign(visit, { state: "queued", finishedAt: new Date().toISOString(), at: Date.now(), trouble: null, tried: false });
    if (!(await this.keeper.now())) { Object.assign(visit, { state, finishedAt, at, trouble, tried }); return; }
    Object.assign(app, { leaving: null, form: null });
    app.told = "Tersimpan di HP. Akan dikirim saat ada sinyal.";
    app.go("#/hari", { instead: true }); // the browser's Back leads to the family, not into a form
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
