// How each kind of question is drawn and answered. Every control works by touch, by keyboard and aloud.

import { button, choice, el, icon, labelled } from "./dom.js";
import { agree } from "./visit.js";
import { rupiah } from "./words.js";

const BEANS = 4;

/** One of several answers. */
export function one(question, chosen, write) {
  return el("div.choices", {}, question.choices.map(({ code, label }) =>
    choice("radio", question.name, code, label, chosen === code, () => write(code))));
}

/** Several answers; `alone` excludes all others. */
export function several(question, chosen, write, alone) {
  const now = new Set(chosen ?? []);
  const boxes = el("div.choices");
  const act = (code) => (event) => {
    if (!event.target.checked) now.delete(code);
    else if (code === alone) { now.clear(); now.add(code); } else { now.delete(alone); now.add(code); }
    for (const box of boxes.querySelectorAll("input")) box.checked = now.has(box.value);
    write([...now]);
  };
  boxes.append(...question.choices.map(({ code, label }) =>
    choice("checkbox", question.name, code, label, now.has(code), act(code))));
  return boxes;
}

/** Text with a count of what is left. */
export function text(question, value, write, longest = 600) {
  const left = el("p.hint", { "aria-live": "off" });
  const box = el("textarea.input", { rows: "4", input: () => { count(); write(box.value); } });
  const count = () => {
    const over = [...box.value].length - longest;
    left.textContent = over > 0 ? `Kelebihan ${over} huruf` : `Sisa ${-over} huruf`;
  };
  box.value = value ?? "";
  count();
  return el("div", {}, labelled(`box-${question.name}`, "Tulis di sini", box), left);
}

/** A day by the phone's own picker or typed; empty is an answer too. */
export function day(name, words, value, write, hint = "") {
  const box = el("input.input.input-10", { type: "date", value: value ?? "", change: () => write(box.value || null) });
  return labelled(`box-${name}`, words, box, hint);
}

/** Four beans over the uses of the money: shares, not amounts. */
export function beans(question, value, write) {
  const now = { ...(value ?? {}) };
  const said = el("p.beans-left", { role: "status" });
  const rows = el("ul.beans");
  const spent = () => Object.values(now).reduce((sum, count) => sum + count, 0);

  function set(code, count) {
    if (count === null) delete now[code];
    else now[code] = count;
    if (code === "rather_not_say" && count !== null) for (const other of Object.keys(now)) if (other !== code) delete now[other];
    if (code !== "rather_not_say" && count !== null) delete now.rather_not_say;
    draw();
    write({ ...now });
  }

  function draw() {
    const left = BEANS - spent();
    said.textContent = left === BEANS ? "4 butir belum dibagi" : left === 0 ? "Semua 4 butir sudah dibagi" : `Sisa ${left} butir`;
    for (const row of rows.children) {
      const { code } = row.dataset;
      const count = now[code] ?? null;
      row.classList.toggle("beans-chosen", count !== null);
      row.querySelector("input").checked = count !== null;
      row.querySelector(".stepper")?.toggleAttribute("hidden", count === null);
      const shown = row.querySelector("output");
      if (!shown) continue;
      shown.textContent = "●".repeat(count ?? 0) + "○".repeat(BEANS - (count ?? 0));
      shown.setAttribute("aria-label", `${count ?? 0} butir`);
      row.querySelector("[data-less]").disabled = !count;
      row.querySelector("[data-more]").disabled = left === 0;
    }
  }

  for (const { code, label } of question.choices) {
    const tick = choice("checkbox", question.name, code, label, false, (event) => set(code, event.target.checked ? 0 : null));
    const step = (by, words, mark) => button("", () => set(code, (now[code] ?? 0) + by), "secondary", mark,
      { "aria-label": `${words}: ${label}`, [by < 0 ? "data-less" : "data-more"]: true });
    const stepper = code === "rather_not_say" ? null
      : el("div.stepper", {}, step(-1, "Kurangi butir", "minus"), el("output", { "aria-live": "polite" }), step(1, "Tambah butir", "plus"));
    rows.append(el("li", { "data-code": code }, tick, stepper));
  }
  draw();
  return el("div", {}, said, rows);
}

/** Names with their relation; grows by a button. */
export function people(question, value, write) {
  const now = (value?.length ? value : [{ name: "", relation: "" }]).map((each) => ({ ...each }));
  const rows = el("div.people");
  const told = () => write(now.filter((each) => each.name.trim() || each.relation).map((each) => ({ ...each })));
  const draw = () => rows.replaceChildren(...now.map((each, at) => {
    const name = el("input.input", { value: each.name, autocomplete: "off", spellcheck: "false", maxlength: "120",
      input: () => { each.name = name.value; told(); } });
    const relation = el("select.input", { change: () => { each.relation = relation.value; told(); } },
      el("option", { value: "", text: "Pilih hubungan" }),
      question.choices.map(({ code, label }) => el("option", { value: code, text: label, selected: each.relation === code })));
    return el("div.person", { role: "group", "aria-label": `Orang ke-${at + 1}` },
      labelled(`name-${at}`, `Nama orang ke-${at + 1}`, name), labelled(`relation-${at}`, "Hubungan", relation),
      now.length > 1 && button("Hapus orang ini", () => { now.splice(at, 1); told(); draw(); }, "link"));
  }));
  draw();
  return el("div", {}, rows, button("Tambah orang", () => { now.push({ name: "", relation: "" }); draw();
    rows.lastElementChild.querySelector("input").focus(); }, "secondary", "plus"));
}

/** Each child of school age: goes to school or not, why not, and whether a scholarship was asked for. */
export function children(value, known, write) {
  const told = new Map((value ?? []).map((each) => [each.member ?? each.first_name, { ...each }]));
  const others = (value ?? []).filter((each) => each.member === null).map((each) => ({ ...each }));
  const rows = el("div");
  const send = () => write([...known.map((child) => told.get(child.member)).filter((each) => typeof each?.attends === "boolean"),
    ...others.filter((each) => each.first_name.trim() && typeof each.attends === "boolean")]);
  const child = (key, entry, title) => el("fieldset.child", {}, el("legend", { text: title }),
    el("div.choices.choices-inline", {}, [[true, "Masih sekolah"], [false, "Tidak sekolah"]].map(([goes, words]) =>
      choice("radio", `attends-${key}`, String(goes), words, entry.attends === goes, () => { entry.attends = goes; draw(); send(); }))),
    entry.attends === false && reason(key, entry),
    entry.attends === true && choice("checkbox", `asked-${key}`, "yes", "Beasiswa sudah diminta", entry.scholarship_asked === true,
      (event) => { entry.scholarship_asked = event.target.checked; send(); }));
  const reason = (key, entry) => {
    const box = el("input.input", { value: entry.reason, maxlength: "200", input: () => { entry.reason = box.value; send(); } });
    return labelled(`reason-${key}`, "Sebabnya", box, "Misalnya biaya, jarak, bekerja, menikah.");
  };
  const named = (entry, at) => {
    const box = el("input.input", { value: entry.first_name, maxlength: "60", input: () => { entry.first_name = box.value; send(); } });
    return el("div", {}, labelled(`child-${at}`, `Nama panggilan anak lain ke-${at + 1}`, box), child(`other-${at}`, entry, "Sekolah"));
  };
  const empty = (member, name) => ({ member, first_name: name, attends: null, reason: "", scholarship_asked: null });
  const draw = () => rows.replaceChildren(...known.map((each) => {
    if (!told.has(each.member)) told.set(each.member, empty(each.member, each.first_name));
    return child(each.member, told.get(each.member), each.first_name);
  }), ...others.map(named));
  draw();
  return el("div", {}, rows, button("Tambah anak lain", () => { others.push(empty(null, "")); draw(); }, "secondary", "plus"));
}

/** What the family was shown as paid; and whether it has it in full. */
export function received(family, value, write) {
  return el("div", {}, el("p.shown-amount", { text: rupiah(family.received_idr) }),
    el("fieldset", {}, el("legend.label", { text: "Sudah diterima utuh?" }),
      el("div.choices", {}, [["full", "Ya, utuh"], ["not_yet", "Belum utuh"]].map(([code, words]) =>
        choice("radio", "received_in_full", code, words, value === code, () => write(code))))));
}

/** The words of consent, what the family answers, and who said so. */
export function consent(visit, words, changed) {
  const given = visit.consent;
  const declined = visit.outcome === "declined";
  const box = (name, label, hint) => {
    const input = el("input.input", { value: given[name], maxlength: "120", autocomplete: "off", input: () => { given[name] = input.value; changed(); } });
    return labelled(`consent-${name}`, label, input, hint);
  };
  return el("div", {},
    !declined && el("blockquote.read-aloud", {}, el("p.hint", { text: "Bacakan:" }), words.text.map((each) => el("p", { text: each }))),
    !declined && el("div.choices", {}, [[true, words.agree], [false, "Tidak setuju"]].map(([agreed, label]) =>
      choice("radio", "agreed", String(agreed), label, given.agreed === agreed, () => { agree(visit, agreed, words); changed(); }))),
    box("said_by", declined ? "Siapa yang menyampaikan bahwa keluarga tidak bersedia?" : "Siapa yang mengatakannya?"),
    box("witness", "Saksi", "Boleh kosong."),
    el("p.hint", {}, icon("info"), " Jawaban kunjungan tidak mengubah santunan."));
}
