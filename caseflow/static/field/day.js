// Hari ini: whose turn it is, late ones first, by jorong; and one family with what a visitor needs at the door.

import { banner, button, el, icon } from "./dom.js";
import { daysBetween, daysLater, instant, longDate, phoneNumber, rupiah, shortDate, today } from "./words.js";

const STATES = {
  draft: ["Draf di HP ini", "neutral"],
  queued: ["Tersimpan di HP ini, belum diterima", "waiting"],
  sending: ["Tersimpan di HP ini, belum diterima", "waiting"],
  failed: ["Gagal dikirim", "danger"],
  sent: ["Sudah diterima", "positive"],
  removed: ["Tidak disimpan", "neutral"],
  unreadable: ["Tidak terbaca", "danger"],
};

/** @param {string} state of a visit on this phone */
export function stateTag(state) {
  const [words, sense] = STATES[state];
  return el(`span.tag.is-${sense}`, { text: words });
}

/** The visit on this phone that counts for each planned one; what the list of families knows already counts no more. */
export function standing(rows, person) {
  const found = new Map();
  for (const row of rows) {
    const toldSince = row.state === "sent" && row.at < person.syncedAt;
    const before = found.get(row.planned)?.state;
    if (!toldSince && (!before || before === "sent" || row.state === "draft")) found.set(row.planned, row);
  }
  return found;
}

/** Sunday of this week and the last day of this month. */
function ends(now) {
  const weekday = (new Date(`${now}T12:00:00Z`).getUTCDay() + 6) % 7; // Monday: 0
  const week = daysLater(now, 6 - weekday);
  const [year, month] = now.split("-").map(Number);
  return { week, month: new Date(Date.UTC(year, month, 0, 12)).toISOString().slice(0, 10) };
}

/** Visits still due, in sections; families whose turn comes later with their next visit. @returns {[string, {family, visit}[]][]} */
export function sections(pack, now) {
  const { week, month } = ends(now);
  const due = pack.families.flatMap((family) => dueOf(family).map((visit) => ({ family, visit })));
  const by = (one, other) => one.family.jorong.localeCompare(other.family.jorong) || one.visit.due_on.localeCompare(other.visit.due_on);
  const within = (from, to) => due.filter(({ visit }) => visit.due_on >= from && visit.due_on <= to).sort(by);
  const soon = within("0000-01-01", week > month ? week : month).map(({ family }) => family);
  const others = pack.families.filter((family) => !soon.includes(family) && dueOf(family).length);
  return [
    ["Lewat waktu", within("0000-01-01", daysLater(now, -1))],
    ["Minggu ini", within(now, week)],
    ["Bulan ini", within(daysLater(week, 1), month)],
    ["Keluarga lain", others.map((family) => ({ family, visit: dueOf(family)[0] })).sort(by)],
  ].filter(([, rows]) => rows.length);
}

function dueOf(family) {
  return family.visits.filter((visit) => visit.state === "due").sort((one, other) => one.due_on.localeCompare(other.due_on));
}

/** @returns {Promise<Node[]>} */
export async function dayScreen(app) {
  const kept = await app.store.rows();
  const rows = standing(kept, app.person);
  const waiting = kept.filter((row) => ["queued", "sending", "failed"].includes(row.state)).length;
  const parts = [el("h1", { text: "Hari ini" }), el("p.quiet", { text: longDate(today()) })];
  if (await app.isFull()) parts.push(banner("warning", "Penyimpanan HP penuh", "Kunjungan yang sudah tersimpan tetap aman, bisa dibaca dan dikirim. Isian baru belum bisa disimpan. Hapus foto atau video lain di HP ini."));
  if (app.told) parts.push(banner("positive", app.told));
  if (waiting) {
    parts.push(el("section.card", { "aria-labelledby": "ready" }, el("h2", { id: "ready", text: `Siap dikirim (${waiting})` }),
      el("p", { text: "Tersimpan di HP ini, belum diterima." }),
      el("div.button-group", {}, button("Kirim sekarang", () => app.queue.send(), "primary", "upload"),
        el("a.button.button-secondary", { href: "#/antrean", text: "Lihat antrean" }))));
  }
  if (!app.pack) return [...parts, empty("Daftar keluarga belum ada di HP ini", "Unduh dulu saat ada sinyal. Kunjungan yang belum terkirim tetap tersimpan.", "Unduh daftar", "#/siap")];
  const shown = sections(app.pack, today());
  if (!shown.length) return [...parts, empty("Tidak ada kunjungan yang ditunggu", "Semua keluarga Anda sudah dikunjungi menurut jadwal.")];
  return [...parts, ...shown.map(([title, found]) => section(title, found, rows))];
}

function empty(title, words, act, href) {
  return el("div.empty", {}, icon("calendar"), el("p.empty-title", { text: title }), el("p", { text: words }),
    act && el("a.button.button-primary", { href, text: act }));
}

function section(title, found, states) {
  const id = `part-${title.toLowerCase().replaceAll(" ", "-")}`;
  const places = [...new Set(found.map(({ family }) => family.jorong))];
  return el("section.day", { "aria-labelledby": id },
    el("h2", { id }, title, " ", el("span.count", { text: String(found.length) })),
    places.map((jorong) => el("div", {}, el("h3.jorong", {}, icon("map-pin"), jorong ? `Jorong ${jorong}` : "Jorong belum dicatat"),
      el("ul.visits", {}, found.filter(({ family }) => family.jorong === jorong).map((each) => row(each, states, title === "Lewat waktu"))))));
}

function row({ family, visit }, states, late) {
  const state = states.get(visit.visit)?.state;
  const days = daysBetween(visit.due_on, today());
  return el("li.visit", {},
    el("a.visit-open", { href: `#/keluarga/${family.plan}` }, icon(visit.kind === "m1" ? "phone" : "family"),
      el("span.visit-who", {}, el("strong", { text: family.family_name }), el("span", { text: visit.title }),
        family.landmark && el("span.quiet", { text: family.landmark })),
      el(`span.visit-due${late ? ".visit-late" : ""}`, {}, el("span", { text: shortDate(visit.due_on) }),
        late && el("span", { text: `lewat ${days} hari` }))),
    state && stateTag(state),
    family.contact_phone && el("a.visit-call", { href: `tel:${family.contact_phone}` }, icon("phone"),
      el("span", { text: phoneNumber(family.contact_phone) }), el("span.hidden-words", { text: ` telepon ${family.contact_name}` })));
}

/** One family: how it is found and greeted, what was seen before, what is due. */
export async function familyScreen(app, planId) {
  const family = app.pack?.families.find((one) => one.plan === planId);
  if (!family) return [el("h1", { text: "Keluarga ini tidak ada di HP ini" }), el("a.button.button-secondary", { href: "#/hari", text: "Kembali ke hari ini" })];
  const states = standing(await app.store.rows(), app.person);
  const worker = [family.honorific, family.worker_name].filter(Boolean).join(" ");
  const line = (label, ...words) => el("div.summary-row", {}, el("dt", { text: label }), el("dd", {}, ...words));
  const place = [family.jorong && `Jorong ${family.jorong}`, family.nagari].filter(Boolean).join(", ");
  return [
    el("a.back-link", { href: "#/hari" }, icon("back"), "Hari ini"),
    el("h1", { text: family.family_name }),
    el("p.quiet", { text: `${worker.charAt(0).toUpperCase()}${worker.slice(1)} · ${family.number}` }),
    family.words && el("div.words-at-door", {}, el("p", { text: "Sebutkan kata pengenal ini di pintu:" }), el("p.words", { text: family.words })),
    el("dl.summary.card", {},
      line("Ditemui", family.contact_name),
      family.contact_phone && line("Telepon", el("a.call", { href: `tel:${family.contact_phone}`, text: phoneNumber(family.contact_phone) })),
      line("Rumah", place, family.landmark && el("span.summary-note", { text: family.landmark })),
      line("Santunan yang diterima", `${rupiah(family.received_idr)}, ${longDate(family.paid_on)}`)),
    el("h2", { text: "Yang perlu dikunjungi" }),
    el("ul.visits", {}, dueOf(family).map((visit, at) => dueVisit(visit, states.get(visit.visit)?.state, at === 0))),
    family.earlier?.length ? el("h2", { text: "Kunjungan sebelumnya" }) : null,
    ...(family.earlier ?? []).map((one) => earlier(one, app.pack.questions)),
  ].filter(Boolean);
}

/** The next visit can begin; later ones are told with their day, or begin with a second thought. */
function dueVisit(visit, state, next) {
  const waits = state === "queued" || state === "sending";
  const words = { draft: "Lanjutkan isian", failed: "Lihat alasannya", sent: "Lihat kunjungan" }[state] ?? "Mulai kunjungan";
  const href = state === "failed" ? "#/antrean" : `#/isi/${visit.visit}`;
  return el("li.visit.visit-start", {}, el("div", {}, el("strong", { text: visit.title }),
    el("span.quiet", { text: `jatuh tempo ${longDate(visit.due_on)}` })), state && stateTag(state),
  waits ? el("a.button.button-secondary", { href: "#/antrean", text: "Lihat antrean" })
    : el(next || state ? "a.button.button-primary" : "a.button.button-link", { href, text: words }));
}

function earlier(one, questions) {
  const said = (name, code) => questions.find((each) => each.name === name)?.choices.find((each) => each.code === code)?.label ?? code;
  return el("article.card", {}, el("h3", { text: one.title }), el("p.quiet", { text: longDate(one.made_on) }),
    one.stage && el("p", { text: `Usaha: ${said("livelihood_stage", one.stage)}` }),
    one.needs?.length ? el("p", { text: `Bantuan yang diminta: ${one.needs.map((code) => said("needs", code)).join(", ")}` }) : null);
}

/** What the bar on top says. */
export function barWords(queue, { waiting, failed, syncedAt, sentAt, n, total }) {
  const data = syncedAt ? ` — data ${instant(syncedAt)}` : "";
  const here = waiting ? `. ${waiting} kunjungan tersimpan di HP ini, belum diterima` : "";
  if (queue === "sending" && total) return { kind: "info", icon: "upload", words: `Mengirim ${n} dari ${total}` };
  if (failed) return { kind: "waiting", icon: "alert", words: `${failed} kunjungan gagal dikirim — ketuk untuk melihat`, href: "#/antrean" };
  if (queue === "signed_out") return { kind: "waiting", icon: "lock", words: `Perlu masuk lagi untuk mengirim${here}`, href: "/masuk?next=/pendamping/lapangan" };
  if (queue === "someone_else") return { kind: "waiting", icon: "person", words: `Akun lain sedang masuk di HP ini${here}`, href: "/masuk?next=/pendamping/lapangan" };
  if (queue === "offline") return { kind: "neutral", icon: "offline", words: `Tanpa sinyal${data}${here}` };
  if (queue === "trouble") return { kind: "neutral", icon: "offline", words: `Server sedang terganggu, dicoba lagi nanti${data}${here}` };
  if (waiting) return { kind: "info", icon: "clock", words: `${waiting} kunjungan tersimpan di HP ini, belum diterima`, href: "#/antrean" };
  if (sentAt) return { kind: "positive", icon: "synced", words: `Semua terkirim ${sentAt}` };
  return { kind: "neutral", icon: "synced", words: syncedAt ? `Data ${instant(syncedAt)}` : "Belum ada data di HP ini" };
}
