// The door of this phone: whose visits, and the PIN. Wrong ones wait longer each time, also after a restart.

import { ask, banner, button, el, icon, labelled } from "./dom.js";
import { newLock, open, tooEasy, waitLeft } from "./keys.js";
import { everybody, forget, keepTries, unsentOf } from "./store.js";
import { sentenceOf } from "./troubles.js";
import { unsentWords } from "./words.js";

/** @returns {Promise<Node[]>} */
export async function pinScreen(app, chosen) {
  const people = await everybody();
  const person = people.find((one) => one.device === chosen) ?? (people.length === 1 ? people[0] : null);
  if (!person) return choosing(people);
  const { waiting } = await unsentOf(person.device);
  const box = el("input.input.input-10.pin", { type: "password", inputmode: "numeric", autocomplete: "off", maxlength: "6", pattern: "[0-9]*", required: true });
  const said = el("p.field-error", { role: "alert", hidden: true });
  const go = button("Buka", () => {}, "primary", "lock", { type: "submit" });
  const say = (words) => { said.hidden = !words; said.replaceChildren(icon("alert"), el("span", { text: words })); };
  let busy = false; // a second press is no second try
  const form = el("form.card.narrow", { novalidate: true, submit: async (event) => { event.preventDefault(); if (!busy) await attempt(); } },
    labelled("pin", "PIN 6 angka", box), said, go);

  async function attempt() {
    if (!/^\d{6}$/.test(box.value)) { say("PIN terdiri dari 6 angka."); return box.focus(); }
    busy = true;
    go.setAttribute("aria-busy", "true");
    try {
      await opened(box.value);
    } catch (error) {
      say(sentenceOf(error));
    }
    busy = false;
    go.removeAttribute("aria-busy");
  }

  async function opened(pin) {
    const now = (await everybody()).find((one) => one.device === person.device); // tries in other windows count, too
    if (!now) return app.show(); // forgotten in another window
    Object.assign(person, now);
    const left = waitLeft(person, Date.now());
    if (left) return say(`Terlalu sering salah. Coba lagi dalam ${Math.ceil(left / 60_000)} menit. Kunjungan di HP ini tetap aman.`);
    // written before it is tried: a phone switched off in between has used up this try
    Object.assign(person, await keepTries(person.device));
    const key = await open(person.lock, pin);
    box.value = "";
    if (!key) {
      const wait = waitLeft(person, Date.now());
      say(wait ? `PIN salah. Coba lagi dalam ${Math.ceil(wait / 60_000)} menit. Kunjungan di HP ini tetap aman.`
        : "PIN salah. Kunjungan di HP ini tetap aman. Coba lagi.");
      return box.focus();
    }
    Object.assign(person, await keepTries(person.device, true));
    await app.enter(person, key);
  }

  return [
    el("h1", { text: `Kunjungan ${person.name}` }),
    waiting ? banner("info", `${waiting} kunjungan tersimpan di HP ini, belum diterima`, "Buka dengan PIN supaya terkirim saat ada sinyal.") : null,
    form,
    el("div.button-group", {}, people.length > 1 && el("a.button.button-link", { href: "#/petugas", text: "Petugas lain" }),
      el("a.button.button-link", { href: "#/siap/baru", text: "Siapkan untuk petugas lain" }),
      button("Lupa PIN", () => forgotten(app, person), "link")),
  ].filter(Boolean);
}

function choosing(people) {
  return [el("h1", { text: "Kunjungan siapa?" }), el("ul.visits", {}, people.map((one) => el("li.visit", {},
    el("a.visit-open", { href: `#/pin/${one.device}` }, icon("person"), el("strong", { text: one.name }))))),
  el("a.button.button-link", { href: "#/siap/baru", text: "Siapkan untuk petugas lain" })];
}

async function forgotten(app, person) {
  const unsent = unsentWords(await unsentOf(person.device));
  const lost = unsent ? `${unsent} akan hilang. ` : "";
  const sure = await ask("Hapus semua kunjungan di HP ini?", `${lost}Tanpa PIN, isinya tidak bisa dibuka siapa pun. Setelah dihapus, HP ini perlu disiapkan lagi dengan sinyal.`, "Hapus dan siapkan lagi");
  if (!sure) return;
  await forget(person.device);
  app.go("#/siap/baru");
}

/** Two boxes for a new PIN; calls `done` with its lock and key. */
export function newPin(done) {
  const one = el("input.input.input-10.pin", { type: "password", inputmode: "numeric", autocomplete: "new-password", maxlength: "6" });
  const two = el("input.input.input-10.pin", { type: "password", inputmode: "numeric", autocomplete: "new-password", maxlength: "6" });
  const name = el("input.input", { maxlength: "60", value: "HP kunjungan", autocomplete: "off" });
  const said = el("p.field-error", { role: "alert", hidden: true });
  const go = button("Simpan PIN dan unduh keluarga", () => {}, "primary", "download", { type: "submit" });
  const submit = async (event) => {
    event.preventDefault();
    const wrong = tooEasy(one.value) || (one.value === two.value ? "" : "PIN kedua berbeda. Tulis PIN yang sama dua kali.") || (name.value.trim() ? "" : "Tulis nama HP ini.");
    said.hidden = !wrong;
    said.replaceChildren(icon("alert"), el("span", { text: wrong }));
    if (wrong) return (name.value.trim() ? one : name).focus();
    go.setAttribute("aria-busy", "true");
    try {
      await done(name.value.trim(), await newLock(one.value));
    } catch (error) {
      said.hidden = false;
      said.replaceChildren(icon("alert"), el("span", { text: sentenceOf(error) }));
    } finally {
      go.removeAttribute("aria-busy");
    }
  };
  return el("form", { novalidate: true, submit },
    labelled("phone-name", "Nama HP ini", name, "Supaya penyelia tahu HP mana yang hilang, bila hilang."),
    labelled("new-pin", "PIN baru, 6 angka", one, "PIN hanya untuk HP ini dan tidak pernah dikirim."),
    labelled("new-pin-again", "PIN sekali lagi", two), said, go);
}
