// The web component: the button that opens the chat, and the chat's window.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { Chat } from "./chat";
import { filled, language, words, type Language, type Words } from "./language";
import { liveStep } from "./state/conversation";
import { Scroll } from "./scroll";
import { styles } from "./styles";
import { composer } from "./views/composer";
import { aboutIcon, chatIcon, closeIcon, downIcon, menuIcon } from "./views/icons";
import { log } from "./views/log";
import { offline } from "./views/offline";
import { aboutPage, menuPage } from "./views/pages";
import type { Clinic } from "./types";

const NARROW = "(max-width: 30em), (max-height: 30em)";
const KEPT_OPEN = "open";

type Page = "chat" | "menu" | "about";

export class BackCoachChat extends LitElement {
  static override styles = styles;
  static override properties = {
    server: {},
    heading: {},
    lang: {},
    theme: { reflect: true },
    phone: {},
    open: { type: Boolean },
    isOpen: { state: true },
    page: { state: true },
  };
  declare server: string;
  declare heading: string | undefined;
  declare lang: string;
  declare theme: string | undefined;
  declare phone: string | undefined;
  /** Shows the chat when the page has loaded. */
  declare open: boolean;
  declare isOpen: boolean;
  declare page: Page;
  private chat!: Chat;
  private view = new Scroll(() => this.find(".log"));
  private narrow = matchMedia(NARROW);
  private readonly resized = () => this.fit();

  constructor() {
    super();
    this.server = location.origin;
    this.isOpen = false;
    this.open = false;
    this.page = "chat";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.chat = new Chat(this.server || location.origin, () => this.requestUpdate(), () => this.words);
    this.narrow.addEventListener("change", this.resized);
    void this.chat.resume();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.narrow.removeEventListener("change", this.resized);
    this.chat.close();
  }

  protected override firstUpdated(): void {
    const kept = this.chat.session.tab.get(KEPT_OPEN);
    if (kept === "yes") this.show("kept");
    else if (this.open && kept !== "no" && !this.narrow.matches) this.show("page");
  }

  override willUpdate(): void {
    if (!this.isOpen) return;
    this.chat.read();
    if (this.chat.alarm && this.page !== "chat") this.turn("chat");
    this.chat.alarm = "";
  }

  override updated(): void {
    this.view.after(this.chat.items);
    if (this.chat.alarm && !this.isOpen && !this.narrow.matches) this.show("alarm");
  }

  override render(): TemplateResult {
    const { words: says, chat } = this;
    return html`
      <section class="widget" lang=${this.spoken} role="region" aria-label=${this.name}>
        ${this.launcher()}
        <p class="hidden" aria-live="assertive">${this.isOpen ? "" : chat.alarm}</p>
        <dialog class="panel" aria-label=${this.name} @keydown=${this.escape} @cancel=${this.cancel}>
          ${this.header()}
          <div class="body" ?inert=${this.page !== "chat"}>
            <div class="log" role="log" aria-live="polite" aria-label=${says.conversation} tabindex="0"
              @scroll=${() => this.view.moved() && this.requestUpdate()}>
              ${log(chat.items, this.scene(), false)}
            </div>
            ${this.foot()}
          </div>
          ${this.over()}
        </dialog>
      </section>`;
  }

  private launcher(): TemplateResult {
    const { unread } = this.chat;
    const news = unread === 1 ? this.words.unreadOne : filled(this.words.unread, { n: unread });
    return html`
      <button type="button" class="launcher" ?hidden=${this.isOpen} aria-expanded="false" aria-haspopup="dialog"
        aria-label=${unread ? `${this.words.open}, ${news}` : this.words.open} @click=${() => this.show("tap")}>
        ${chatIcon}${unread ? html`<span class="badge" aria-hidden="true">${unread}</span>` : nothing}
      </button>`;
  }

  private header(): TemplateResult {
    const { words: says } = this;
    const button = (name: string, icon: unknown, page: Page) => html`
      <button type="button" class="icon" aria-label=${name} title=${name}
        aria-expanded=${this.page === page ? "true" : "false"} data-page=${page}
        @click=${() => this.turn(this.page === page ? "chat" : page)}>${icon}</button>`;
    return html`
      <header class="head">
        <h2>${this.name}</h2>
        ${button(says.about, aboutIcon, "about")}${button(says.menu, menuIcon, "menu")}
        <button type="button" class="icon" aria-label=${says.close} title=${says.close}
          @click=${this.hide}>${closeIcon}</button>
      </header>`;
  }

  private foot(): TemplateResult {
    const { words: says, chat } = this;
    return html`
      <div class="foot">
        ${this.view.away ? html`
          <button type="button" class="icon newer" aria-label=${says.newer} title=${says.newer}
            @click=${this.toNewest}>${downIcon}</button>` : nothing}
        <p class="typing" role="status">${chat.typing || (chat.line === "connecting" && !chat.items.length)
          ? html`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
              <span class="hidden">${chat.typing ? says.typing : says.connecting}</span>` : nothing}</p>
        ${offline(chat.line === "lost", this.clinic, says)}
        <p class="notice" role="alert">${chat.notice}</p>
        ${composer(says, (text) => this.say(text), () => this.turn("about"))}
      </div>`;
  }

  private over(): TemplateResult | typeof nothing {
    const { words: says, chat } = this;
    const back = () => this.turn("chat");
    if (this.page === "about") return aboutPage(says, chat.disclosure, this.clinic, back);
    if (this.page !== "menu") return nothing;
    const then = (act: () => unknown) => () => {
      back();
      void act();
    };
    return menuPage(says, chat.session.remembered, {
      startOver: then(() => chat.startOver()),
      download: then(() => chat.download()),
      deleteData: then(() => chat.deleteData()),
      forgetHere: then(() => chat.forgetHere()),
      back,
    });
  }

  private scene() {
    const { chat } = this;
    return {
      server: chat.server,
      clinic: this.clinic,
      words: this.words,
      language: this.spoken,
      token: chat.session.token,
      step: liveStep(chat.items),
      alert: chat.items.findLast((item) => item.custom?.type === "alert"),
      choose: this.choose,
    };
  }

  private readonly choose = (title: string) => {
    this.say(title);
    // The button that had the focus goes; on a phone the keyboard should stay away.
    this.find(matchMedia("(pointer: coarse)").matches ? ".log" : "textarea")?.focus();
  };

  private readonly toNewest = () => {
    this.view.toEnd();
    this.requestUpdate();
    this.find(".log")?.focus();
  };

  private say(text: string): void {
    this.view.toEnd();
    this.chat.say(text);
  }

  private show(why: "tap" | "kept" | "page" | "alarm"): void {
    const panel = this.panel;
    if (!panel || panel.open) return;
    const modal = this.narrow.matches;
    if (modal) panel.showModal();
    // Opened by the page and not by the patient: the focus stays where it is.
    else panel.setAttribute("open", "");
    if (why === "tap") this.chat.session.tab.set(KEPT_OPEN, "yes");
    this.isOpen = true;
    void this.chat.start();
    void this.updateComplete.then(() => {
      this.view.toEnd();
      if (why === "tap" || modal) this.settle();
    });
  }

  private readonly hide = () => {
    this.chat.read();
    this.chat.session.tab.set(KEPT_OPEN, "no");
    this.panel?.close();
    this.isOpen = false;
    this.page = "chat";
    void this.updateComplete.then(() => this.find(".launcher")?.focus());
  };

  /** Where the focus goes when the chat opens: ready to type, but no keyboard over a small screen. */
  private settle(): void {
    this.find(matchMedia("(pointer: coarse)").matches ? ".log" : "textarea")?.focus();
  }

  private turn(page: Page): void {
    const from = this.page;
    this.page = page;
    void this.updateComplete.then(() => {
      if (page !== "chat") this.find(".page button, .page a")?.focus();
      else this.find(`[data-page="${from}"]`)?.focus();
    });
  }

  private escape(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (this.page === "chat") this.hide();
    else this.turn("chat");
  }

  /** Escape, or a phone's own way back, in the window that covers the page. */
  private cancel(event: Event): void {
    event.preventDefault();
    if (this.page === "chat") this.hide();
    else this.turn("chat");
  }

  /** A narrow window covers the page, a wide one lies beside it. */
  private fit(): void {
    const panel = this.panel;
    if (!panel?.open) return;
    const had = this.shadowRoot?.activeElement as HTMLElement | null | undefined;
    panel.close();
    if (this.narrow.matches) panel.showModal();
    else panel.setAttribute("open", "");
    had?.focus();
  }

  private get name(): string {
    return this.heading || this.clinic?.name || this.words.title;
  }

  private get clinic(): Clinic | null {
    if (this.chat.clinic) return this.chat.clinic;
    const phone = this.chat.session.tab.get("phone") ?? this.phone;
    return phone ? { name: "", phone, phone_e164: phone } : null;
  }

  private get spoken(): Language {
    return language(this.lang || document.documentElement.lang);
  }

  private get words(): Words {
    return words(this.spoken);
  }

  private get panel(): HTMLDialogElement | null {
    return this.find("dialog") as HTMLDialogElement | null;
  }

  private find(selector: string): HTMLElement | null {
    return this.shadowRoot?.querySelector<HTMLElement>(selector) ?? null;
  }
}
