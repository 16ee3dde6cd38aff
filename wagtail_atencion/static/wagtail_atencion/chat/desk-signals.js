/**
 * How the parts of the desk hear of one another.
 *
 * Events: "change" (something to show anew), "arrived" (detail: {conversation, messages, history};
 * history says that they were only loaded now), "queued" (detail: cards that were not waiting
 * before), "offered" (detail: cards newly offered to the agent), "ended" (detail: the conversation),
 * "opened" (detail: the conversation now open, or null), "gone" (detail: a conversation that is a
 * colleague's now), "notice" (detail: {code, message}), "refused" (detail: an error frame; who shows
 * it where it belongs prevents the notice), "restricted" (detail: the conversation), "say" (detail: a
 * sentence for screen readers), "insert" (detail: {text, facts} for the reply), "faq" (detail:
 * characters that still fit), "misuse" (detail: the conversation) and "mode" (from an answer to a
 * note, or back).
 */

// Where nothing is painted, as in a tab behind others.
const AT_THE_LATEST = 100; // milliseconds

export class DeskSignals extends EventTarget {
  #frame = 0;
  #timer = 0;

  /** Something is to be shown anew: before the next paint, and once for all that changed until then. */
  changed() {
    if (this.#timer) return;
    this.#frame = requestAnimationFrame(() => this.showNow());
    this.#timer = setTimeout(() => this.showNow(), AT_THE_LATEST);
  }

  /** Show it at once: what is on the screen has to be what the next key or press is about. */
  showNow() {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.dispatchEvent(new Event("change"));
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  say(sentence) {
    this.tell("say", sentence);
  }

  insert(text, facts) {
    this.tell("insert", { text, facts });
  }

  searchFaq(room) {
    this.tell("faq", room);
  }

  tellMisuse(conversation) {
    this.tell("misuse", conversation);
  }

  switchMode() {
    this.tell("mode");
  }
}
