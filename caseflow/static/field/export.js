// The queue as one sealed file. The format is in docs/field-export.md; `flask visits open-export` reads it.

import { seal, stretched } from "./keys.js";
import { StorageFull } from "./troubles.js";
import { body } from "./visit.js";
import { today } from "./words.js";

const ROUNDS = 600_000;
const FORMAT = "caseflow-visits-1";
export const MIN_WORDS = 12;

/** @returns {Promise<{blob: Blob, name: string, count: number}>} */
export async function exported(app, passphrase) {
  const visits = [];
  for (const one of (await app.store.visits()).filter((each) => ["queued", "sending", "failed"].includes(each.state))) {
    const sequence = await app.store.number(one.id).catch(unlessFull(() => app.store.nextNumber()));
    const photos = [];
    for (const photo of one.photos) {
      const bytes = await app.store.photo(photo.uuid).catch(() => null);
      if (bytes) photos.push({ uuid: photo.uuid, content: base64(bytes) });
    }
    if (one.state === "queued") await app.store.putVisit({ ...one, tried: true }).catch(unlessFull(() => {})); // said to somebody: not changed any more
    visits.push({ id: one.id, body: body({ ...one, sequence }, true), photos });
  }
  const { device, name: person } = app.person;
  const madeAt = new Date().toISOString();
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const key = await stretched(passphrase.normalize("NFC"), salt, ROUNDS);
  const inside = new TextEncoder().encode(JSON.stringify({ device, person, made_at: madeAt, skew_ms: app.person.skew, visits }));
  const { iv, body: sealed } = await seal(key, `${FORMAT}:${device}`, inside);
  const file = { format: FORMAT, device, rounds: ROUNDS, salt: base64(salt), iv: base64(iv), body: base64(sealed) };
  return {
    blob: new Blob([JSON.stringify(file)], { type: "application/json" }),
    name: `kunjungan-${today()}.caseflow`, count: visits.length,
  };
}

/** A full phone makes its copy all the same: it is then that one needs it. */
function unlessFull(otherwise) {
  return (error) => {
    if (error instanceof StorageFull) return otherwise();
    throw error;
  };
}

function base64(bytes) {
  const all = new Uint8Array(bytes);
  let binary = "";
  for (let at = 0; at < all.length; at += 0x8000) binary += String.fromCharCode(...all.subarray(at, at + 0x8000));
  return btoa(binary);
}
