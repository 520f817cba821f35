// Asking the server. An answer is an answer only when it is ours: a sign-in page of a hotspot is no signal.

const BASE = "/pendamping/api/";
const PATIENCE = 30_000;

/** No answer of ours came, or the server is in trouble itself. What was to be sent is as it was. */
export class NoSignal extends Error {
  constructor(message, { status = 0 } = {}) {
    super(message);
    this.status = status;
  }

  get serverInTrouble() {
    return this.status !== 0;
  }

  /** The server failed over what was sent, not as a whole: what waits behind it may well be taken. */
  get overThis() {
    return this.status >= 500 && ![502, 503, 504].includes(this.status);
  }
}

/** The server said no, in words. `error` is its short name, `fields` sentences for answers. */
export class Refused extends Error {
  constructor(status, data) {
    super(data.sentence ?? "Server menolak kiriman ini. Kunjungan masih tersimpan di HP ini.");
    this.status = status;
    this.error = data.error ?? "";
    this.fields = data.fields ?? {};
    this.data = data;
  }

  /** This phone is not to be used any more. */
  get revoked() {
    return ["revoked", "device_revoked"].includes(this.error);
  }

  /** It concerns the session or the phone, not what was sent: signed out, an old key of the page, revoked. */
  get ofTheSession() {
    return this.revoked || this.status === 401 || this.status === 403;
  }
}

export class Server {
  #csrf = "";

  /** @param {string} device */
  constructor(device) {
    this.device = device;
  }

  /** Who is signed in, and what the server's clock says. */
  async begin() {
    const asked = Date.now();
    const { data } = await this.#ask("GET", "awal");
    this.#csrf = data.csrf;
    return { ...data, skew: Date.parse(data.now) - (asked + Date.now()) / 2 };
  }

  register(name) {
    return this.#ask("PUT", `perangkat/${this.device}`, { json: { name } });
  }

  /** The families of this month; null when nothing changed since `etag`. */
  async pack(etag) {
    const answer = await this.#ask("GET", "paket", { headers: etag ? { "If-None-Match": etag } : {} });
    return answer.status === 304 ? null : { pack: answer.data, etag: answer.headers.get("ETag") };
  }

  async sendVisit(id, body) {
    return (await this.#ask("PUT", `kunjungan/${id}`, { json: body })).data;
  }

  /** How many bytes of a photo arrived. */
  async photoOffset(id) {
    const { headers } = await this.#ask("HEAD", `foto/${id}`);
    return Number(headers.get("Upload-Offset") ?? 0);
  }

  /** Sends a piece; returns how many bytes arrived in all. */
  async sendPiece(id, offset, bytes) {
    const headers = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) };
    const answer = await this.#ask("PATCH", `foto/${id}`, { body: bytes, headers });
    return Number(answer.headers.get("Upload-Offset"));
  }

  /** Ends the session of who is signed in; says whether the server really ended it. */
  async signOut() {
    try {
      await this.begin();
      const answer = await fetch("/keluar", { method: "POST", body: new URLSearchParams({ csrf_token: this.#csrf }), signal: AbortSignal.timeout(PATIENCE) });
      return answer.ok && new URL(answer.url).pathname === "/masuk";
    } catch (error) {
      return error instanceof Refused && error.status === 401;
    }
  }

  /** What waits here, as a sign of life. */
  queue(waiting, oldestAt, forgot = false) {
    return this.#ask("POST", "antrean", { json: { waiting, oldest_at: oldestAt, forgot } });
  }

  async #ask(method, path, { json, body, headers = {} } = {}) {
    const given = { "X-Caseflow-Device": this.device, ...headers };
    if (method !== "GET" && method !== "HEAD") given["X-CSRFToken"] = this.#csrf;
    if (json !== undefined) given["Content-Type"] = "application/json";
    const answer = await answered(BASE + path, { method, headers: given, body: json === undefined ? body : JSON.stringify(json) });
    if (answer.status === 304) return { status: 304, data: null, headers: answer.headers };
    if (answer.status >= 500 || answer.status === 429) {
      throw new NoSignal(`status ${answer.status}`, { status: answer.status });
    }
    const data = await readable(answer, method);
    if (!answer.ok) throw new Refused(answer.status, data ?? {});
    return { status: answer.status, data, headers: answer.headers };
  }
}

async function answered(address, given) {
  try {
    return await fetch(address, { ...given, redirect: "error", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
  } catch (error) {
    throw new NoSignal(error.message);
  }
}

async function readable(answer, method) {
  if (method === "HEAD" || answer.status === 204) {
    if (answer.headers.get("X-Request-ID")) return null;
    throw new NoSignal("not our server");
  }
  try {
    return await answer.json();
  } catch (error) {
    if (answer.ok || !answer.headers.get("X-Request-ID")) throw new NoSignal(error.message);
    return {};
  }
}
