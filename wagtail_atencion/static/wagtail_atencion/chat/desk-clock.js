/**
 * Time at the desk. Agents' computers run fast or slow, so what counts is the server's clock:
 * remaining time is measured from the frame that told it, on a clock nobody can set.
 */

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
  return new Date(iso).toLocaleString(document.documentElement.lang, {
    dateStyle: "medium",
    timeStyle: "short",
  });
}

/** The time of day of a moment, as people of the page's language write it. */
export function timeOfDay(iso) {
  return new Date(iso).toLocaleTimeString(document.documentElement.lang, {
    hour: "numeric",
    minute: "2-digit",
  });
}
