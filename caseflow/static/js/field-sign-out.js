// Leaving the ordinary pages while visits wait on this phone: says so first. Without this file nothing is lost either.

import { ask } from "../field/dom.js";
import { everybody, unsentOf } from "../field/store.js";
import { unsentWords } from "../field/words.js";

const WORDS = "Isinya tetap tersimpan di HP ini, tetapi belum diterima. Kunjungan baru terkirim setelah Anda masuk lagi.";

/** What waits on this phone, whoever's it is; a phone that cannot say it holds nobody back. */
async function unsent() {
  const all = await Promise.all((await everybody()).map((one) => unsentOf(one.device)));
  const sum = (what) => all.reduce((so, one) => so + one[what], 0);
  return unsentWords({ waiting: sum("waiting"), drafts: sum("drafts") });
}

async function leaving(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const words = await unsent().catch(() => "");
  if (!words || await ask(words, WORDS, "Tetap keluar")) form.submit();
}

for (const form of document.querySelectorAll("form[data-sign-out]")) form.addEventListener("submit", leaving);
