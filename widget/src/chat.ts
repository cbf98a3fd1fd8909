// The conversation's state and what can be done to it; the views only show it.
import { Connection } from "./api/connection";
import { save } from "./api/files";
import { Conversation, unread, type Item } from "./state/conversation";
import { Outbox, type Outcome, type Waiting } from "./state/outbox";
import { Session } from "./state/session";
import { Tabs } from "./state/tabs";
import type { Words } from "./language";
import type { Clinic, Message, Welcome } from "./types";

const NOTICE_MS = 1500;
const NEXT_TRY_SECONDS = 5;
const MOST_CHARACTERS = 10_000;

export type Line = "closed" | "connecting" | "open" | "lost";

export class Chat {
  line: Line = "closed";
  typing = false;
  disclosure = "";
  clinic: Clinic | null = null;
  /** A sentence of the server about the last message, such as that it was one too many. */
  notice = "";
  /** An alert that has not been on the screen: it is announced where the window is closed. */
  alarm = "";
  readonly session = new Session();
  private conversation = new Conversation();
  private outbox: Outbox;
  private connection: Connection;
  private tabs: Tabs;
  private lostTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly server: string, private changed: () => void, private words: () => Words) {
    this.outbox = new Outbox(
      this.session.tab,
      (message) => this.deliver(message),
      (message, outcome) => this.report(message, outcome),
      (seconds, then) => void setTimeout(then, seconds * 1000),
    );
    this.showWaiting();
    this.connection = new Connection(server, {
      identity: () => ({ token: this.session.token, last: this.conversation.last }),
      welcomed: (welcome) => this.welcomed(welcome),
      received: (message) => this.received(message),
      typing: (on) => this.update(() => (this.typing = on)),
      cleared: (seq) => this.update(() => this.conversation.drop(seq)),
      refused: (message) => this.update(() => (this.notice = message)),
      lost: () => this.lost(),
    });
    this.tabs = new Tabs(server, () => this.session.token);
  }

  get items(): readonly Item[] {
    return this.conversation.items;
  }

  get unread(): number {
    return unread(this.items, this.session.number("read"));
  }

  get started(): boolean {
    return this.line !== "closed";
  }

  /** Takes up a conversation that this tab, this device or another tab has; starts none. */
  async resume(): Promise<void> {
    await this.join();
    if (this.started) return;
    if (this.session.token || this.outbox.waiting.length) this.connect();
  }

  /** Connects, as a new visitor if need be. */
  async start(): Promise<void> {
    if (this.started) return;
    this.line = "connecting";
    await this.join();
    this.connect();
  }

  say(text: string): void {
    const message = { id: newId(), text: text.trim().slice(0, MOST_CHARACTERS) };
    if (!message.text) return;
    this.update(() => {
      this.notice = "";
      this.conversation.wait(message.id, message.text, now());
    });
    if (!this.started) void this.start();
    this.outbox.add(message);
  }

  /** All that is shown was seen. */
  read(): void {
    if (this.unread) this.session.set("read", String(this.conversation.last));
  }

  async startOver(): Promise<void> {
    this.tell(await this.connection.restart());
  }

  async download(): Promise<void> {
    const answer = await this.connection.export();
    this.tell(answer);
    if (answer?.ok) save(answer.filename, answer.content, "text/plain;charset=utf-8");
  }

  async deleteData(): Promise<void> {
    this.tell(await this.connection.forget());
  }

  /** Forgets the conversation in this browser only, and greets a new visitor. */
  forgetHere(): void {
    this.update(() => this.empty());
    this.connection.reconnect();
  }

  close(): void {
    clearTimeout(this.lostTimer);
    this.connection.close();
    this.tabs.close();
  }

  /** Says why something was not done. */
  private tell(answer: { ok: boolean; message?: string } | null): void {
    const failed = answer?.message ?? this.words().tryAgain;
    this.update(() => (this.notice = answer?.ok ? "" : failed));
  }

  private async join(): Promise<void> {
    if (this.session.token) return;
    const token = await this.tabs.ask();
    if (token) this.session.token = token;
  }

  private connect(): void {
    this.update(() => (this.line = "connecting"));
    this.connection.connect();
    this.expectLine();
  }

  private empty(): void {
    this.session.forget();
    this.outbox.clear();
    this.conversation.clear();
    this.notice = this.alarm = "";
    this.typing = false;
  }

  private showWaiting(): void {
    for (const { id, text } of this.outbox.waiting) this.conversation.wait(id, text, now());
  }

  private welcomed(welcome: Welcome): void {
    clearTimeout(this.lostTimer);
    this.lostTimer = undefined;
    this.update(() => {
      // The server did not know us any more: what is on the screen was another conversation.
      if (welcome.fresh && this.conversation.last > 0) {
        this.conversation.clear();
        this.session.set("read", "0");
        this.showWaiting();
      }
      this.session.token = welcome.token;
      this.clinic = welcome.clinic;
      this.disclosure = welcome.disclosure;
      this.session.tab.set("phone", welcome.clinic.phone_e164 || welcome.clinic.phone);
      this.line = "open";
      this.notice = "";
      this.typing = false;
      for (const message of welcome.messages) this.take(message, false);
    });
    this.connection.seen(this.conversation.last);
    void this.outbox.flush();
  }

  private received(message: Message): void {
    this.update(() => this.take(message, true));
    this.connection.seen(this.conversation.last);
  }

  private take(message: Message, live: boolean): void {
    if (!this.conversation.receive(message)) return;
    if (message.from === "me" && message.id) this.outbox.arrived(message.id);
    if (message.from !== "bot") return;
    const card = message.custom;
    if (card?.type === "alert" && live) this.alarm = message.text;
    if (card?.type === "plan" && card.remember) this.session.remember();
    if (card?.type === "forget" && live) {
      this.empty();
      this.conversation.note(message.text, message.at);
      this.connection.reconnect();
    }
  }

  private async deliver({ id, text }: Waiting): Promise<Outcome> {
    const answer = await this.connection.say(id, text);
    if (!answer) return { kind: "lost" };
    if (answer.ok) return { kind: "delivered" };
    const message = answer.message ?? this.words().refused;
    if (answer.error === "invalid") return { kind: "refused", message };
    if (answer.error === "session") {
      this.connection.reconnect();
      return { kind: "lost" };
    }
    return { kind: "later", seconds: answer.retry_after ?? NEXT_TRY_SECONDS, message };
  }

  private report(message: Waiting, outcome: Outcome): void {
    this.update(() => {
      if (outcome.kind === "delivered") {
        this.conversation.mark(message.id, "sent");
        this.notice = "";
      } else if (outcome.kind === "refused") {
        this.conversation.mark(message.id, "failed");
        this.notice = outcome.message;
      } else if (outcome.kind === "later") {
        this.notice = outcome.message;
      }
    });
  }

  /** A line that is away for a moment is nobody's concern; after that it is said. */
  private lost(): void {
    if (this.line === "open") this.update(() => (this.line = "connecting"));
    this.typing = false;
    this.expectLine();
  }

  private expectLine(): void {
    if (this.lostTimer !== undefined) return;
    this.lostTimer = setTimeout(() => this.update(() => (this.line = "lost")), NOTICE_MS);
  }

  private update(change: () => void): void {
    change();
    this.changed();
  }
}

const now = (): string => new Date().toISOString();

function newId(): string {
  // randomUUID exists only on https and localhost.
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
