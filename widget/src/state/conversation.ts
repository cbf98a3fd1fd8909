// The messages on the screen: each once, in the server's order, the unsent ones last.
import type { Message } from "../types";

export type Delivery = "sent" | "waiting" | "failed";

export interface Item extends Message {
  /** Stays the same for the life of a bubble. */
  key: string;
  state: Delivery;
}

export class Conversation {
  items: Item[] = [];
  /** The highest number shown; the server sends what lies above it. */
  last = 0;

  /** Shows a message of the server; false where it was shown before. */
  receive(message: Message): boolean {
    if (message.seq <= this.last) return false;
    this.last = message.seq;
    const own = message.from === "me" && message.id ? this.find(message.id) : undefined;
    if (own) this.items.splice(this.items.indexOf(own), 1);
    const item: Item = { ...message, key: own?.key ?? `s${message.seq}`, state: "sent" };
    const unsent = this.items.findIndex((other) => other.state !== "sent");
    this.items.splice(unsent < 0 ? this.items.length : unsent, 0, item);
    return true;
  }

  /** Shows what was typed before the server has it. */
  wait(id: string, text: string, at: string): void {
    if (this.find(id)) return;
    this.items.push({
      key: id, seq: 0, from: "me", at, id, text, buttons: [], custom: null, state: "waiting",
    });
  }

  /** Marks how the delivery of an own message went. */
  mark(id: string, state: Delivery): void {
    const item = this.find(id);
    if (item && item.seq === 0) item.state = state;
  }

  /** Shows a sentence of the widget itself. */
  note(text: string, at: string): void {
    this.items.push({
      key: `n${at}`, seq: 0, from: "bot", at, id: null, text, buttons: [], custom: null, state: "sent",
    });
  }

  /** Takes what came before a new start off the screen. */
  drop(seq: number): void {
    this.items = this.items.filter((item) => item.seq > seq || item.state !== "sent");
  }

  clear(): void {
    this.items = [];
    this.last = 0;
  }

  private find(id: string): Item | undefined {
    return this.items.find((item) => item.from === "me" && item.id === id);
  }
}

/** The bot's newest messages in one go, if nothing was said since: only their buttons count. */
export function newestReplies(items: readonly Item[]): Item[] {
  const end = items.findLastIndex((item) => item.from === "me");
  return items.slice(end + 1);
}

/** The step that is being done: the newest card, unless an emergency or other talk came after. */
export function liveStep(items: readonly Item[]): Item | undefined {
  const bots = items.findLastIndex((item) => item.from === "bot");
  const before = items.slice(0, bots + 1).findLastIndex((item) => item.from === "me");
  const run = items.slice(before + 1, bots + 1);
  const step = run.findLastIndex((item) => item.custom?.type === "exercise_step");
  const alert = run.findLastIndex((item) => item.custom?.type === "alert");
  return step > alert ? run[step] : undefined;
}

/** How many of the bot's messages came after the last one that was on the screen. */
export function unread(items: readonly Item[], read: number): number {
  return items.filter((item) => item.from === "bot" && item.seq > read).length;
}
