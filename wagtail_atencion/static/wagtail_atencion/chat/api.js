/** The public API: its calls, and the ids and secrets that this side makes. */

const PATIENCE = 15_000; // milliseconds

/** The service said no: code, message, fields, retry_after. */
export class Refusal extends Error {}

/** GET `url`, or POST `body`. Throws Refusal, or anything else for a failure worth a new try. */
export async function call(url, { lang, secret, body, signal }) {
  const address = new URL(url, location);
  address.searchParams.set("lang", lang);
  const headers = { "Content-Type": "application/json" };
  if (secret) headers.Authorization = `Bearer ${secret}`;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), PATIENCE);
  signal?.addEventListener("abort", () => limit.abort());
  try {
    const answer = await fetch(address, {
      method: body ? "POST" : "GET",
      headers,
      body: body && JSON.stringify(body),
      signal: limit.signal,
    });
    const data = await answer.json();
    if (answer.ok) return data;
    throw Object.assign(new Refusal(), data.error);
  } finally {
    clearTimeout(timer);
  }
}

const randomBytes = (number) => crypto.getRandomValues(new Uint8Array(number));

/** A random UUID v4; crypto.randomUUID is for https pages only. */
export function newId() {
  const bytes = randomBytes(16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** What this browser is known by, made when somebody first writes: see docs/privacy.md. */
export function deviceKey() {
  const KEY = "atencion-device";
  try {
    return localStorage[KEY] ?? (localStorage[KEY] = newId());
  } catch {
    return ""; // storage is forbidden here
  }
}

/** 32 random bytes in base64url. */
export function newSecret() {
  const text = btoa(String.fromCharCode(...randomBytes(32)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
