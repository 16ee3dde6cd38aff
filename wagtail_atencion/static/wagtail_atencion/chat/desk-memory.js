/**
 * What a tab of the desk remembers while it is open, also when it is loaded anew.
 */

export const SEEN = "atencion-desk-seen";
export const DRAFTS = "atencion-desk-drafts";
export const NOTES = "atencion-desk-notes";
export const PANES = "atencion-desk-panes";

/** What was kept under `key` in this tab; an empty object if nothing was. */
export function remembered(key, storage = sessionStorage) {
  try {
    return JSON.parse(storage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

/** Keep `value` under `key`. A browser that keeps nothing only forgets sooner. */
export function keep(key, value, storage = sessionStorage) {
  try {
    storage.setItem(key, JSON.stringify(value));
  } catch {
    // full, or not allowed
  }
}
