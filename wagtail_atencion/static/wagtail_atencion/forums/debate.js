/**
 * Taking part without leaving the page of a forum: forms, support, paging, and word of what is new.
 *
 * All of it works without this: it follows the same links and sends the same forms, and shows the
 * part of the answer that matters. What cannot be fetched is opened as a page; what cannot be sent
 * stays where it was written.
 */

const NEWS_EVERY = 30_000; // milliseconds

const fetched = async (address, options) => {
  const reply = await fetch(address, { ...options, headers: { "X-Requested-With": "fetch" } });
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  return { reply, page };
};

export class Debate {
  #forum;
  #since;
  #timer;
  #turning = 0;

  constructor(forum) {
    this.#forum = forum;
    this.#since = forum.dataset.since;
    forum.addEventListener("click", (event) => this.#clicked(event));
    forum.addEventListener("submit", (event) => this.#submitted(event));
    this.#back = () => this.#turn(location.href);
    addEventListener("popstate", this.#back);
    this.#timer = setInterval(() => this.#askNews(), NEWS_EVERY);
  }

  #back;

  end() {
    clearInterval(this.#timer);
    removeEventListener("popstate", this.#back);
  }

  #part(name) {
    return this.#forum.querySelector(`[data-part="${name}"]`);
  }

  #tell(text) {
    this.#forum.querySelector(":scope > [role=status]").textContent = text;
  }

  #clicked(event) {
    const link = event.target.closest("a[data-turn], a[data-contribute], a[data-cancel]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if ("cancel" in link.dataset) this.#close(link.closest(".atencion-inline"));
    else if ("contribute" in link.dataset) this.#open(link);
    else this.#turn(link.href, { push: true, focus: true });
  }

  /* Paging */

  async #turn(address, { push = false, focus = false } = {}) {
    const turn = (this.#turning += 1);
    const written = this.#part("debate").querySelector(".atencion-inline textarea[name=text]");
    if (written?.value.trim()) {
      // A form with something in it stays open, above the page that comes.
      this.#part("participation").append(written.closest(".atencion-inline"));
    }
    let page;
    try {
      ({ page } = await fetched(address));
    } catch {
      this.#tell(this.#forum.dataset.failed);
      return;
    }
    const debate = page.querySelector('[data-part="debate"]');
    if (!debate) location.assign(address);
    if (!debate || turn !== this.#turning) return;
    this.#part("debate").replaceChildren(...debate.childNodes);
    this.#since = page.querySelector("atencion-forum").dataset.since;
    this.#part("news").replaceChildren();
    if (push) history.pushState(null, "", address);
    if (!focus) return;
    const heading = this.#forum.querySelector("#atencion-debate");
    heading.tabIndex = -1;
    heading.focus();
    heading.scrollIntoView();
  }

  async #askNews() {
    if (document.hidden || this.#forum.dataset.phase !== "open" || !this.#forum.dataset.newsUrl) return;
    try {
      const { page } = await fetched(`${this.#forum.dataset.newsUrl}?since=${this.#since}`);
      const news = page.querySelector("[data-count]");
      const shown = this.#part("news").querySelector("[data-count]");
      // Told once for each number: nobody is read the same sentence twice a minute.
      if (news && news.dataset.count !== shown?.dataset.count) this.#part("news").replaceChildren(news);
    } catch {
      // The next time, perhaps.
    }
  }

  /* The form of a contribution, in place */

  async #open(link) {
    const home = link.closest(".atencion-contribution")?.parentElement ?? this.#part("participation");
    const open = home.querySelector(":scope > .atencion-inline");
    if (open?.querySelector("textarea[name=text]")?.value.trim()) {
      open.querySelector("textarea[name=text]").focus();
      return;
    }
    let page;
    try {
      ({ page } = await fetched(link.href));
    } catch {
      this.#tell(this.#forum.dataset.failed);
      return;
    }
    open?.remove();
    const box = document.createElement("div");
    box.className = "atencion-inline";
    home.querySelector(":scope > .atencion-contribution")?.after(box);
    if (!box.isConnected) home.append(box);
    if (this.#fill(box, page)) box.querySelector("textarea[name=text]")?.focus();
    else location.assign(link.href);
  }

  /** Show the form, or what is said instead of it, of a whole page. */
  #fill(box, page) {
    const whole = page.querySelector(".atencion-forum--form");
    if (!whole) return false;
    // One form at a time: its fields have names of their own on the page.
    for (const other of this.#forum.querySelectorAll(".atencion-inline")) if (other !== box) other.remove();
    whole.querySelector("h1")?.remove();
    whole.querySelector(":scope > p:first-child > a")?.closest("p").remove();
    box.replaceChildren(...whole.childNodes);
    const cancel = document.createElement("a");
    Object.assign(cancel, { href: "#atencion-debate", className: "atencion-action", textContent: this.#forum.dataset.cancel });
    cancel.dataset.cancel = "";
    (box.querySelector("form button")?.parentElement ?? box).append(" ", cancel);
    box.querySelector("[autofocus]")?.focus();
    return true;
  }

  #close(box) {
    const opener = box.previousElementSibling?.querySelector("[data-contribute]") ?? box.parentElement.querySelector("[data-contribute]");
    box.remove();
    opener?.focus();
  }

  async #submitted(event) {
    const form = event.target;
    if ("support" in form.dataset) {
      event.preventDefault();
      await this.#support(form);
      return;
    }
    const box = form.closest(".atencion-inline");
    if (!box) return;
    event.preventDefault();
    const button = form.querySelector("[type=submit]");
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    try {
      const { reply, page } = await fetched(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (reply.redirected && reply.ok) await this.#received(box, page);
      else if (!this.#fill(box, page)) throw new Error(`forum ${reply.status}`);
    } catch {
      // Not a letter is lost: the form is as it was, and its number makes a second try safe.
      this.#tell("");
      this.#tell(this.#forum.dataset.failed);
      let notice = form.querySelector(".atencion-inline__failed");
      if (!notice) {
        notice = document.createElement("p");
        notice.className = "atencion-inline__failed atencion-notice atencion-notice--danger";
        button.parentElement.before(notice);
      }
      notice.textContent = this.#forum.dataset.failed;
    } finally {
      button.removeAttribute("aria-disabled");
    }
  }

  async #received(box, page) {
    const whole = page.querySelector(".atencion-forum--form");
    const own = whole.querySelector(".atencion-action");
    const notices = [...whole.querySelectorAll(".atencion-notice")];
    box.remove();
    const said = document.createElement("div");
    said.className = "atencion-inline atencion-inline--done";
    said.tabIndex = -1;
    said.append(...notices, ...(own ? [own] : []));
    this.#part("participation").querySelector(".atencion-inline--done")?.remove();
    this.#part("participation").append(said);
    this.#tell(notices.map((notice) => notice.textContent.trim()).join(" "));
    await this.#turn(location.href);
    said.focus();
  }

  /* Support */

  async #support(form) {
    const button = form.querySelector("button");
    const withdraw = button.getAttribute("aria-pressed") === "true";
    const send = () => fetched(form.action, { method: "POST", body: new URLSearchParams(withdraw ? { withdraw: "1" } : {}) });
    try {
      let { page } = await send();
      // The first time the browser only gets what counts it once.
      if (page.querySelector("[data-support-state][data-again]")) ({ page } = await send());
      const state = page.querySelector("[data-support-state]");
      const refusal = page.querySelector("[role=alert]");
      form.querySelector("[data-votes]").textContent = state.dataset.votes;
      if (!refusal) button.setAttribute("aria-pressed", String(state.dataset.supported === "1"));
      this.#tell((refusal ?? state.querySelector("[role=status]")).textContent.trim());
    } catch {
      this.#tell(this.#forum.dataset.failed);
    }
  }
}
