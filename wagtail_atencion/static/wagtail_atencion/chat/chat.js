/**
 * The conversation of this tab. What a reload needs is in sessionStorage from its start to its end:
 * nothing before, nothing after, and nothing for another tab or the next person.
 */

import { Refusal } from "./api.js";
import { Connection } from "./connection.js";
import { say } from "./parts.js";
import { covers } from "./shell.js";
import { clock, Countdown, Talk } from "./talk.js";

const STORE = "atencion.chat"; // as in launcher.js
const SHOW_STATUS_AFTER = 2_000; // milliseconds
const STEP_OF = { waiting: "wait", active: "talk", ended: "ended" };
const UNSEEN = "● ";

/** Where storage is blocked the chat goes on without. */
function stored(use) {
  try {
    return use(sessionStorage);
  } catch {
    return null;
  }
}

export class Chat {
  #session = null; // {id, secret, question, outbox, shown, draft}
  #conversation = null;
  #connection = null;
  #statusTimer = 0;

  constructor({ launcher, shell, parts, go, lost }) {
    Object.assign(this, { launcher, shell, parts, go, lost });
    this.talk = new Talk(parts, launcher.dataset.lang, (message) => this.#connection.send(message));
    this.countdown = new Countdown(parts, {
      announce: (sentence) => shell.announce(sentence),
      over: () => this.#connection.refresh(),
    });
    document.addEventListener("visibilitychange", () => this.seen());
    addEventListener("pagehide", () => this.keep());
  }

  get isOn() {
    return Boolean(this.#session);
  }

  start(conversation, secret, question) {
    this.#session = { id: conversation.id, secret, question, outbox: [] };
    this.talk.clear();
    this.#connect();
    this.#stands(conversation);
    this.keep();
  }

  /** Take up what this tab had before the page was loaded; false if nothing. */
  resume() {
    this.#session = stored((store) => JSON.parse(store.getItem(STORE)));
    if (!this.#session) return false;
    if (this.#session.shown && !covers.matches) this.shell.show();
    this.talk.showUnsent(this.#session.outbox);
    this.talk.draft = this.#session.draft ?? "";
    this.#connect();
    return true;
  }

  keep() {
    if (!this.#session) return;
    Object.assign(this.#session, { shown: this.shell.isShown, draft: this.talk.draft });
    stored((store) => store.setItem(STORE, JSON.stringify(this.#session)));
  }

  forget() {
    this.#erase();
    this.#conversation = null;
    this.talk.clear();
  }

  askEnd() {
    this.#asking(true);
    this.parts.part("ending").querySelector("button").focus();
  }

  /** No end after all; false if that was not being asked. */
  goOn() {
    if (this.parts.part("ending").hidden) return false;
    this.#asking(false);
    this.shell.focus();
    return true;
  }

  async end(button) {
    const refusal = this.parts.part("refusal", button.closest('[data-part="ending"], [data-step="wait"]'));
    say(refusal, "");
    button.ariaBusy = "true";
    try {
      await this.#connection.end();
    } catch (reason) {
      say(refusal, reason instanceof Refusal ? reason.message : this.parts.text("unreachable"));
    } finally {
      button.ariaBusy = null;
    }
  }

  async extend(button) {
    button.ariaBusy = "true";
    try {
      await this.#connection.extend();
    } catch (reason) {
      this.#status("unreachable");
    } finally {
      button.ariaBusy = null;
    }
  }

  set warnings(seconds) {
    this.countdown.warnings = seconds;
  }

  /** Take the marks of news away. */
  seen() {
    if (document.hidden) return;
    document.title = document.title.replace(UNSEEN, "");
    if (this.shell.isShown && this.#session) this.launcher.tell("talk");
  }

  #connect() {
    const { conversations, socket: path, lang } = this.launcher.dataset;
    const session = this.#session;
    this.launcher.tell("talk");
    this.parts.fill({ question: session.question });
    this.#connection = new Connection({
      api: `${conversations}/${session.id}`,
      path,
      lang,
      session,
      keep: () => this.keep(),
      on: {
        message: (message) => this.#message(message),
        conversation: (conversation) => this.#stands(conversation),
        refused: (id, reason) => this.talk.refuse(id, reason),
        status: (status) => this.#status(status),
        terms: ({ url, changes_url: changes }) => this.#terms(changes ?? url),
        lost: () => this.#lost(),
      },
    });
    this.#connection.start();
  }

  #message(message) {
    this.talk.show(message);
    if (message.author !== "citizen" && this.#conversation) this.#call("unread");
  }

  #stands(conversation) {
    const before = this.#conversation;
    const { agent: name, state, position: number, reference, end_text } = conversation;
    this.#conversation = conversation;
    this.parts.fill({
      agent: name && this.parts.text("agent", { name }),
      position: number && this.parts.text("position", { number }),
      reference,
      extensions: conversation.extensions_left,
      end_text,
      transcript_to: conversation.accepted_at && conversation.transcript_to,
    });
    this.parts.link({ review: conversation.review_url });
    this.go(STEP_OF[state]);
    if (state === "active") this.#active(conversation, before?.state === "waiting");
    if (state === "ended") this.#ended(end_text);
  }

  #active({ agent: name, accepted_at: from, expires_at: to, remaining }, isNews) {
    this.countdown.set(remaining, (new Date(to) - new Date(from)) / 1000);
    if (!isNews) return;
    // Their time runs: the window comes up, without taking the focus.
    if (!covers.matches) this.shell.show();
    this.shell.announce(this.parts.text("started", { name, time: clock(Math.round(remaining)) }));
    this.#call("called");
  }

  #ended(sentence) {
    for (const { client_id: id } of this.#session?.outbox ?? []) this.talk.refuse(id, sentence);
    this.#erase();
    this.#status("ok");
    this.shell.announce(sentence);
  }

  #terms(address) {
    this.parts.link({ "new-terms": address });
    this.shell.announce(this.parts.text("new-terms"));
  }

  #lost() {
    this.forget();
    this.#status("lost");
    this.lost();
  }

  #erase() {
    this.countdown.stop();
    this.#session = null;
    stored((store) => store.removeItem(STORE));
    this.launcher.tell();
  }

  #asking(asking) {
    this.parts.part("composer").hidden = asking;
    this.parts.part("ending").hidden = !asking;
  }

  #status(status) {
    clearTimeout(this.#statusTimer);
    const delay = status === "connecting" ? SHOW_STATUS_AFTER : 0;
    const sentence = status === "ok" ? "" : this.parts.text(status);
    this.#statusTimer = setTimeout(() => (this.parts.part("line").textContent = sentence), delay);
  }

  /** Mark news where it is not seen. */
  #call(now) {
    if (!this.shell.isShown) this.launcher.tell(now);
    if (document.hidden) document.title = UNSEEN + document.title.replace(UNSEEN, "");
  }
}
