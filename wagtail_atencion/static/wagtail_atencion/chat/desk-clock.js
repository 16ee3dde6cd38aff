/**
 * Time at the desk. Agents' computers run fast or slow, so what counts is the server's clock:
 * remaining time is measured from the frame that told it, on a clock nobody can set.
 */

// Made once: each of them takes longer than all the rest of a message.
const { lang } = document.documentElement;
const DAY_AND_TIME = new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "short" });
const TIME = new Intl.DateTimeFormat(lang, { hour: "numeric", minute: "2-digit" });

/** So little time is shown as urgent. */
export const LITTLE_TIME = 30; // seconds

let ahead = 0;

/** Learn how far this computer's clock is from the server's. */
export function learnServerTime(iso) {
  ahead = Date.parse(iso) - Date.now();
}

/** Seconds since a moment the server named; never negative. */
export function secondsSince(iso) {
  return Math.max(0, Math.floor((Date.now() + ahead - Date.parse(iso)) / 1000));
}

/** The point on the page's own clock at which `seconds` from now will have passed. */
export function deadlineIn(seconds) {
  return performance.now() + seconds * 1000;
}

/**
 * The deadline that `seconds` from now is, or `before` if it is the same one: the server tells whole
 * seconds, so that a small difference is none.
 */
export function settled(before, seconds) {
  const deadline = deadlineIn(seconds);
  return before != null && Math.abs(deadline - before) < 1500 ? before : deadline;
}

/** Whole seconds until a deadline; never negative. */
export function secondsUntil(deadline) {
  return Math.max(0, Math.ceil((deadline - performance.now()) / 1000));
}

/** 75 -> "1:15", 3675 -> "1:01:15". */
export function clockFace(seconds) {
  const pad = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${pad(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(seconds % 60)}`;
}

/** The day and time of a moment, as people of the page's language write them. */
export function dayAndTime(iso) {
  return DAY_AND_TIME.format(new Date(iso));
}

/** The time of day of a moment, as people of the page's language write it. */
export function timeOfDay(iso) {
  return TIME.format(new Date(iso));
}
