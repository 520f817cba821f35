// Numbers and days as people read them, and what day it is here.

const ZONE = { timeZone: "Asia/Jakarta" };
const DAY = 24 * 3600 * 1000;
let skew = 0; // milliseconds that the server is ahead of this phone

const formatted = (given) => new Intl.DateTimeFormat("id-ID", { ...ZONE, ...given });
const LONG = formatted({ day: "numeric", month: "long", year: "numeric" });
const SHORT = formatted({ day: "numeric", month: "short" });
const CLOCK = formatted({ hour: "2-digit", minute: "2-digit", hour12: false });
const ISO = new Intl.DateTimeFormat("en-CA", { ...ZONE, year: "numeric", month: "2-digit", day: "2-digit" });

/** Remember how wrong this phone's clock is; only lists of days use it. What is sent says the phone's own time. */
export function correctClock(milliseconds) {
  skew = milliseconds;
}

/** The day by the server's clock, as last heard: "2026-11-20". */
export function today() {
  return ISO.format(new Date(Date.now() + skew));
}

/** @param {string} day "2026-11-20" @param {number} days */
export function daysLater(day, days) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** Whole days from one to the other; negative when the other came before. */
export function daysBetween(day, other) {
  return Math.round((Date.parse(`${other}T00:00:00Z`) - Date.parse(`${day}T00:00:00Z`)) / DAY);
}

const whole = (day) => new Date(`${day}T05:00:00Z`);
export const longDate = (day) => LONG.format(whole(day));
export const shortDate = (day) => SHORT.format(whole(day));
export const clockTime = (instant) => `${CLOCK.format(new Date(instant)).replace(":", ".")} WIB`;

/** "2 kunjungan belum terkirim dan 1 draf"; empty: nothing would be lost. */
export function unsentWords({ waiting, drafts }) {
  return [waiting && `${waiting} kunjungan belum terkirim`, drafts && `${drafts} draf`].filter(Boolean).join(" dan ");
}

/** "21 Nov 17.30" */
export function instant(moment) {
  const at = new Date(moment);
  return `${SHORT.format(at)} ${CLOCK.format(at).replace(":", ".")}`;
}

/** A moment of this phone's own clock, as the server's clock says it. */
export const phoneInstant = (moment) => instant(moment + skew);

export const rupiah = (amount) => `Rp${new Intl.NumberFormat("id-ID").format(amount)}`;
export const megabytes = (bytes) => `${(bytes / 1e6).toLocaleString("id-ID", { maximumFractionDigits: 1, minimumFractionDigits: 1 })} MB`;

/** "0812-6700-1234" from "+6281267001234" */
export function phoneNumber(stored) {
  const digits = stored.replace(/^\+62/, "0");
  return digits.replace(/^(\d{4})(\d{4})(\d+)$/, "$1-$2-$3");
}
