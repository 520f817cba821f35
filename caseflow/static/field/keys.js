// The PIN and what it opens. Everything kept is sealed under a key of its own that no one ever sees; the PIN, put
// through a slow function, opens that key. The PIN itself is kept nowhere and leaves the phone never.

const ROUNDS = 600_000; // PBKDF2-HMAC-SHA-256
const MINUTE = 60_000;
const FREE_TRIES = 5;
const WAITS = [1, 5, 15, 60].map((minutes) => minutes * MINUTE);
const text = new TextEncoder();

/** Why a PIN is too easy, or "". */
export function tooEasy(pin) {
  if (!/^\d{6}$/.test(pin)) return "PIN terdiri dari 6 angka.";
  const steps = [...pin].slice(1).map((digit, at) => (Number(digit) - Number(pin[at]) + 10) % 10);
  if (new Set(steps).size === 1 && [0, 1, 9].includes(steps[0])) {
    return "PIN ini mudah ditebak. Pilih 6 angka yang tidak sama dan tidak berurutan.";
  }
  return "";
}

/**
 * A new key, wrapped by a PIN.
 * @returns {Promise<{key: CryptoKey, lock: {salt: Uint8Array, rounds: number, iv: Uint8Array, wrapped: ArrayBuffer}}>}
 */
export async function newLock(pin) {
  const raw = crypto.getRandomValues(new Uint8Array(32));
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const wrapped = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await stretched(pin, salt, ROUNDS), raw);
  const key = await sealingKey(raw);
  raw.fill(0);
  return { key, lock: { salt, rounds: ROUNDS, iv, wrapped } };
}

/** The key behind a PIN, or null when it is another PIN. */
export async function open(lock, pin) {
  try {
    const raw = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv: lock.iv }, await stretched(pin, lock.salt, lock.rounds), lock.wrapped);
    return await sealingKey(raw);
  } catch (error) {
    if (error.name === "OperationError") return null;
    throw error;
  }
}

/** A key from words that people choose: slow on purpose. */
export async function stretched(words, salt, rounds) {
  const base = await crypto.subtle.importKey("raw", text.encode(words), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

function sealingKey(raw) {
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** Seal bytes; `about` (which row of which store) must be given again to open them. */
export async function seal(key, about, bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: "AES-GCM", iv, additionalData: text.encode(about) };
  return { iv, body: await crypto.subtle.encrypt(how, key, bytes) };
}

/** @throws {DOMException} OperationError: changed, of another row, or under another key */
export async function unseal(key, about, { iv, body }) {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: text.encode(about) }, key, body);
}

/**
 * How many milliseconds to wait before the next PIN is tried: nothing for five, then longer each time. A clock set back
 * does not shorten it.
 * @param {{tries: number, triedAt: number}} person
 */
export function waitLeft({ tries, triedAt }, now) {
  if (tries < FREE_TRIES) return 0;
  const wait = WAITS[Math.min(tries - FREE_TRIES, WAITS.length - 1)];
  return Math.min(wait, Math.max(0, triedAt + wait - now));
}
