// One visit on this phone: what it asks, what is still missing, what goes to the server.

/** What may be said when the family was not met. The server takes nothing else then. */
const WITHOUT_MEETING = ["note", "next_due", "contact_phone", "landmark"];
const FACTS = ["contact_phone", "landmark"];

/**
 * A visit as the phone keeps it.
 * @typedef {{id: string, state: string, sequence: number|null, planned: string, at: number, plan: string,
 *   familyName: string, title: string, asksLivelihood: boolean, after: string|null, startedAt: string,
 *   finishedAt: string|null, outcome: string|null, anotherDayOn: string|null,
 *   consent: {version: string, agreed: boolean|null, said_by: string, witness: string},
 *   answers: Record<string, any>, bases: Record<string, number>, photos: Photo[],
 *   trouble: {sentence: string, error: string, fields: Record<string, string>}|null,
 *   why: string|undefined, tried: boolean, receivedAt: string|null, clashes: string[]}} Visit
 * @typedef {{uuid: string, position: number, shows: string, size: number, sha256: string, taken_at: string,
 *   latitude: number|null, longitude: number|null}} Photo
 */

/** @returns {Visit} a draft that nobody has answered yet */
export function newVisit(family, planned, pack) {
  return {
    id: crypto.randomUUID(), state: "draft", sequence: null, planned: planned.visit, at: Date.now(),
    plan: family.plan, familyName: family.family_name, title: planned.title, asksLivelihood: planned.asks_livelihood,
    after: null, startedAt: new Date().toISOString(), finishedAt: null, outcome: null, anotherDayOn: null,
    consent: { version: pack.consent.version, agreed: null, said_by: "", witness: "" },
    answers: {}, bases: {}, photos: [], trouble: null, tried: false, receivedAt: null, clashes: [],
  };
}

/** Whether it can still be written in: not finished, or sent back to be repaired. */
export function isOpen(visit) {
  return visit.state === "draft" || (visit.state === "failed" && !visit.receivedAt && visit.trouble?.error === "invalid");
}

/** What the family answered to the words that were read to it just now; a list fetched meanwhile may have brought others. */
export function agree(visit, agreed, words) {
  Object.assign(visit.consent, { agreed, version: words.version });
}

/** The questions of a visit: livelihood only from its day on, and only the first where nobody was met. */
export function questionsOf(visit, pack) {
  const asked = pack.questions.filter((one) => visit.asksLivelihood || !one.livelihood);
  if (visit.outcome === null || visit.outcome === "met") return asked;
  const left = ["outcome", "note", "next_due", ...(visit.outcome === "declined" ? ["consent"] : [])];
  return asked.filter((one) => left.includes(one.name));
}

/** What a field said when the pack was fetched: {value, version}. */
export function known(field, family, planned) {
  const where = FACTS.includes(field) ? family.facts : planned.fields;
  return where?.[field] ?? { value: null, version: 0 };
}

/** Writes an answer, with the version of the field that stood on the screen. */
export function write(visit, field, value, family, planned) {
  if (!(field in visit.bases)) visit.bases[field] = known(field, family, planned).version;
  visit.answers[field] = value;
}

/** What a field says now on this phone. */
export function answerOf(visit, field, family, planned) {
  return field in visit.answers ? visit.answers[field] : known(field, family, planned).value;
}

/** Whether a question has an answer; what is only shown always has. */
export function isAnswered(question, visit, answer) {
  switch (question.name) {
    case "outcome": return visit.outcome !== null && (visit.outcome !== "another_day" || Boolean(visit.anotherDayOn));
    case "received": return true;
    case "consent": return (visit.outcome === "declined" || visit.consent.agreed !== null) && Boolean(visit.consent.said_by.trim());
    case "photos": return visit.photos.length > 0;
    case "respondents": return Boolean(answer?.length) && answer.every((one) => one.name.trim() && one.relation);
    default: return answer !== null && answer !== undefined && answer !== ""
      && !(Array.isArray(answer) && answer.length === 0)
      && !(typeof answer === "object" && !Array.isArray(answer) && Object.keys(answer).length === 0);
  }
}

/** Why a visit cannot be finished: a sentence for each answer that is missing. Only three questions block. */
export function missing(visit, pack, answer) {
  const found = {};
  for (const question of questionsOf(visit, pack)) {
    if (question.blocks && !isAnswered(question, visit, answer(question.name))) found[question.name] = whyMissing(question, visit);
  }
  if (visit.outcome === "met" && visit.consent.agreed === false) {
    found.consent = "Keluarga tidak setuju. Pilih “Tidak bersedia” pada pertanyaan 1; jawaban lain tidak dikirim.";
  }
  return found;
}

function whyMissing(question, visit) {
  if (question.name === "outcome" && visit.outcome === "another_day") return "Isi tanggal kunjungan yang diminta keluarga.";
  if (question.name === "outcome") return "Pilih apakah keluarga bersedia dikunjungi.";
  if (question.name === "respondents") return "Tulis nama dan hubungan setiap orang yang ditemui.";
  if (visit.outcome === "declined") return "Tulis siapa yang menyampaikan penolakan.";
  return "Bacakan persetujuan, pilih jawabannya, dan tulis siapa yang menyampaikan.";
}

/**
 * What goes to the server: the same words each time it is tried; only the phone's clock and what waits are read anew.
 * @param {Visit} visit
 * @param {boolean} first no visit that was finished earlier waits here any more; what was removed is not waited for
 */
export function body(visit, first) {
  const met = visit.outcome === "met";
  const sent = Object.entries(visit.answers).filter(([field]) => met || WITHOUT_MEETING.includes(field));
  return {
    visit: visit.planned, sequence: visit.sequence, first, after: visit.after,
    started_at: visit.startedAt, finished_at: visit.finishedAt, phone_now: new Date().toISOString(),
    outcome: visit.outcome, another_day_on: visit.outcome === "another_day" ? visit.anotherDayOn : null,
    consent: met || visit.outcome === "declined" ? { ...visit.consent, agreed: met } : null,
    answers: Object.fromEntries(sent.map(([field, value]) => [field, { value, base: visit.bases[field] ?? 0 }])),
    photos: met ? visit.photos : [],
    ...(visit.why ? { why: visit.why } : {}),
  };
}
