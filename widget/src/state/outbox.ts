// What was typed and has not reached the server: kept over a reload, sent once each, in order.

export interface Waiting {
  id: string;
  text: string;
}

export type Outcome =
  | { kind: "delivered" }
  | { kind: "refused"; message: string }
  | { kind: "later"; seconds: number; message: string }
  | { kind: "lost" };

interface Shelf {
  get(key: string): string | null;
  set(key: string, value: string): void;
}

const KEY = "waiting";

export class Outbox {
  waiting: Waiting[];
  private sending = false;

  /**
   * @param shelf where waiting messages outlive a reload
   * @param deliver sends one message; its id makes a second try harmless
   * @param report is told of each message's outcome
   * @param pause calls back after some seconds
   */
  constructor(
    private shelf: Shelf,
    private deliver: (message: Waiting) => Promise<Outcome>,
    private report: (message: Waiting, outcome: Outcome) => void,
    private pause: (seconds: number, then: () => void) => void,
  ) {
    this.waiting = restored(shelf.get(KEY));
  }

  add(message: Waiting): void {
    this.waiting.push(message);
    this.keep();
    void this.flush();
  }

  /** Sends what waits, one after the other; stops at the first that does not get through. */
  async flush(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      for (let next = this.waiting[0]; next; next = this.waiting[0]) {
        const outcome = await this.deliver(next);
        if (this.waiting[0] !== next) continue;
        if (outcome.kind === "delivered" || outcome.kind === "refused") {
          this.waiting.shift();
          this.keep();
        }
        this.report(next, outcome);
        if (outcome.kind === "lost") return;
        if (outcome.kind === "later") {
          this.pause(outcome.seconds, () => void this.flush());
          return;
        }
      }
    } finally {
      this.sending = false;
    }
  }

  /** The server has this one: its echo came before its acknowledgement, or instead of it. */
  arrived(id: string): void {
    const kept = this.waiting.filter((message) => message.id !== id);
    if (kept.length === this.waiting.length) return;
    this.waiting = kept;
    this.keep();
  }

  clear(): void {
    this.waiting = [];
    this.keep();
  }

  private keep(): void {
    this.shelf.set(KEY, JSON.stringify(this.waiting));
  }
}

function restored(text: string | null): Waiting[] {
  try {
    const found: unknown = JSON.parse(text ?? "[]");
    if (!Array.isArray(found)) return [];
    return found.filter((m): m is Waiting => typeof m?.id === "string" && typeof m?.text === "string");
  } catch {
    return [];
  }
}
