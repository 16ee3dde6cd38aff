/**
 * The conversation of this citizen. What a reload needs is kept in the tab from its start to its end:
 * nothing before, nothing after. Another open tab of the site is handed it from memory.
 */

import { Connection, newId } from "./connection.js";
import { covers, Form, Talk } from "./view.js";

const SHOW_STATUS_AFTER = 4_000; // milliseconds; HTTP has taken over by then
const OVER = 500; // milliseconds after the time is over
const WRITING_SHOWN = 5_000; // milliseconds
const STEP_OF = { waiting: "wait", active: "talk", ended: "ended" };

export class Chat {
  #session = null; // {id, secret, question, outbox, shown, draft, sound}
  #conversation = null;
  #connection = null;
  #statusTimer = 0;
  #writingTimer = 0;
  #audio = null;

  constructor(panel) {
    const { launcher, view } = panel;
    Object.assign(this, { panel, launcher, view });
    this.talk = new Talk(view, launcher.dataset.lang, (message) => this.#connection.send(message));
    this.talk.field.addEventListener("input", () => this.#connection.writing());
    this.countdown = new Countdown(view, () => this.#connection.refresh(OVER));
    this.rating = new Rating(panel);
    document.addEventListener("visibilitychange", () => this.seen());
    addEventListener("pagehide", () => this.keep());
  }

  get isSeen() {
    return !document.hidden && this.view.isShown;
  }

  get isOn() {
    return Boolean(this.#session);
  }

  /** What was asked, if nobody came: so that it need not be written again. */
  get unanswered() {
    const { accepted_at: accepted } = this.#conversation ?? { accepted_at: true };
    return accepted ? "" : this.#connection.session.question;
  }

  start(session, conversation, notices) {
    this.#take(session);
    this.stands(conversation);
    this.noticed(notices);
    this.keep();
    this.share();
  }

  /** Take up what this tab had before the page was loaded, or what another tab has. */
  resume(session = this.launcher.session) {
    if (!session || this.isOn) return false;
    this.#take(session);
    if (session.shown && !covers.matches) this.view.show();
    this.talk.showUnsent(session.outbox);
    this.talk.draft = session.draft ?? "";
    this.keep();
    return true;
  }

  /** Hand the conversation to the other tabs of this citizen; what is unsent stays in this one. */
  share() {
    if (!this.isOn) return;
    const { id, secret, question } = this.#session;
    this.launcher.tabs.postMessage({ id, secret, question, outbox: [] });
  }

  keep() {
    if (!this.isOn) return;
    Object.assign(this.#session, { shown: this.view.isShown, draft: this.talk.draft });
    this.launcher.session = this.#session;
  }

  forget() {
    this.#connection?.stop();
    this.#drop();
    this.#conversation = null;
    this.talk.clear();
    this.rating.clear();
    this.view.fill({ question: "", agent: "", reference: "", transcript_to: "" });
    this.noticed([]);
  }

  askEnd() {
    this.#asking(true);
    this.view.part("ending").querySelector("button").focus();
  }

  /** No end after all; false if that was not being asked. */
  goOn() {
    if (this.view.part("ending").hidden) return false;
    this.#asking(false);
    this.view.focus();
    return true;
  }

  end() {
    return this.#connection.ask("/end", {});
  }

  async extend() {
    await this.#connection.ask("/extend", {});
    this.view.focus();
  }

  async download() {
    const file = await this.#connection.ask("/transcript?format=html", null, "blob");
    const href = URL.createObjectURL(file);
    const download = `${this.#conversation.reference}.html`;
    Object.assign(document.createElement("a"), { href, download }).click();
    URL.revokeObjectURL(href);
  }

  toggleSound() {
    this.#session.sound = !this.#session.sound;
    this.#showSound();
    this.#ping();
  }

  dismiss() {
    this.noticed([]);
    this.view.focus();
  }

  /** Somebody looks, or looks away. */
  seen() {
    if (document.hidden) this.keep();
    else if (this.view.isShown && this.isOn) {
      this.launcher.tell("talk");
      this.#connection.mark();
    }
  }

  async rate(answer) {
    await this.#connection.ask("/rating", answer);
    this.view.part("thanks").focus();
  }

  #take(session) {
    this.forget();
    this.#session = session;
    this.launcher.tell("talk");
    this.view.fill({ question: session.question });
    this.#showSound();
    this.#connection = new Connection(session, this, this.launcher.dataset);
    this.#connection.start();
  }

  // What the connection tells; its status is "ok", "connecting" or "offline"

  message(message) {
    this.talk.show(message);
    if (message.seq === 1) this.view.fill({ question: message.text });
    if (message.author === "citizen") return;
    this.agentWrites("");
    if (this.#conversation) this.#call("unread");
  }

  /** Not announced: the message will be. */
  agentWrites(name) {
    clearTimeout(this.#writingTimer);
    this.view.part("writing").textContent = name && this.view.text("writing", { name });
    if (name) this.#writingTimer = setTimeout(() => this.agentWrites(""), WRITING_SHOWN);
  }

  stands(conversation) {
    const before = this.#conversation?.state;
    const { agent: name, state, position: number, wait_estimate: wait, end_text: sentence } = conversation;
    this.#conversation = conversation;
    this.view.fill({
      ...conversation,
      agent: name && this.view.text("agent", { name }),
      position: number && this.view.text("position", { number }),
      wait: wait !== null && this.view.text("wait", { number: Math.ceil(wait / 60) || 1 }),
      transcript_to: conversation.accepted_at && conversation.transcript_to,
      redirected: conversation.end_reason === "redirected_pqrd",
    });
    this.view.link({ pqrd: conversation.pqrd_url, review: conversation.review_url });
    this.panel.go(STEP_OF[state]);
    if (state === "active") this.#active(conversation, before === "waiting");
    if (state === "ended" && before !== state) this.#ended(sentence);
  }

  noticed(notices) {
    const notice = notices.map(({ text }) => text).join("\n\n");
    const links = Object.fromEntries(notices.map(({ kind, url }) => [kind, url]));
    this.view.fill({ notice });
    this.view.link({ "notice-pqrd": links.pqrd, "notice-conduct": links.conduct });
    if (notice) this.view.announce(notice);
  }

  termsChanged({ url, changes_url: changes }) {
    this.view.link({ "new-terms": changes ?? url });
    this.view.announce(this.view.text("new-terms"));
  }

  lost() {
    this.forget();
    this.status("lost");
    this.panel.begin();
  }

  status(status) {
    clearTimeout(this.#statusTimer);
    const delay = status === "connecting" ? SHOW_STATUS_AFTER : 0;
    const sentence = status === "ok" ? "" : this.view.text(status);
    this.#statusTimer = setTimeout(() => (this.view.part("line").textContent = sentence), delay);
  }

  #active({ agent: name, accepted_at: from, expires_at: to, remaining, warnings }, isNews) {
    this.countdown.set(remaining, (new Date(to) - new Date(from)) / 1000, warnings);
    if (!isNews) return;
    // Their time runs: the window comes up, without taking the focus.
    if (!covers.matches) this.view.show();
    this.view.announce(this.view.text("started", { name, time: clock(Math.round(remaining)) }));
    this.#call("called");
  }

  #ended(sentence) {
    const { outbox } = this.#session;
    if (this.talk.draft) {
      outbox.push({ client_id: newId(), text: this.talk.draft });
      this.talk.showUnsent(outbox.slice(-1));
    }
    for (const { client_id: id } of outbox) this.talk.refuse(id, sentence);
    this.noticed([]);
    this.view.root.querySelector("[data-heading]").scrollIntoView({ block: "nearest" });
    this.view.announce(sentence);
    this.#ping();
    this.#drop();
  }

  /** No conversation of this tab any more. */
  #drop() {
    this.countdown.stop();
    this.status("ok");
    this.launcher.session = this.#session = null;
    this.launcher.tell();
  }

  #asking(asking) {
    this.view.part("composer").hidden = asking;
    this.view.part("ending").hidden = !asking;
  }

  /** Mark news where it is not seen, and sound if that is wanted. */
  #call(now) {
    if (!this.isSeen) this.launcher.tell(now);
    this.#ping();
  }

  #showSound() {
    this.view.root.querySelector('[data-act="sound"]').ariaPressed = Boolean(this.#session.sound);
  }

  #ping() {
    if (!this.#session?.sound) return;
    const audio = (this.#audio ??= new AudioContext());
    const tone = audio.createOscillator();
    tone.connect(new GainNode(audio, { gain: 0.1 })).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + 0.15);
  }
}

/** 125 seconds are 2:05. */
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

class Countdown {
  #timer = 0;
  #left = Infinity;

  /** `over()` hears of zero: it is the service that ends. */
  constructor(view, over) {
    Object.assign(this, { view, over });
  }

  /** Count down `remaining` seconds of `whole`, and speak when one of `warnings` comes. */
  set(remaining, whole, warnings) {
    const ends = Date.now() + remaining * 1000;
    const [first = 60] = warnings;
    clearInterval(this.#timer);
    if (remaining > this.#left + 1) this.#announce(remaining); // there is more time
    const tick = () => {
      const before = this.#left;
      const left = (this.#left = Math.max(0, Math.ceil((ends - Date.now()) / 1000)));
      const mark = warnings.find((seconds) => left <= seconds && seconds < before);
      this.#show(left, whole, left <= first);
      if (mark) this.#announce(Math.min(mark, left));
      if (left) return;
      this.stop();
      this.over();
    };
    this.#timer = setInterval(tick, 1000);
    tick();
  }

  stop() {
    clearInterval(this.#timer);
    this.#left = Infinity;
  }

  #announce(seconds) {
    this.view.announce(this.view.text("left", { time: clock(Math.round(seconds)) }));
  }

  #show(left, whole, isShort) {
    const timer = this.view.part("timer");
    timer.textContent = this.view.text(left ? "left" : "over", { time: clock(left) });
    timer.toggleAttribute("data-short", isShort);
    this.view.fill({ short: isShort });
    this.view.part("progress").style.inlineSize = `${(100 * left) / whole}%`;
  }
}

class Rating extends Form {
  constructor(panel) {
    super("rating", panel);
  }

  submitted() {
    const score = Number(this.fields.score.value);
    this.view.attempt(this.button, () => this.panel.chat.rate({ score, comment: this.value("comment") }));
  }
}
