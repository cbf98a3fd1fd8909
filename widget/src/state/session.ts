// What this browser keeps: the session's token lives as long as the tab. Once the patient agreed
// to a plan it is kept on the device, else nobody could be told of a reminder at the next visit.

const PREFIX = "backcoach-";
const TOKEN = "session";

/** A store that may be closed to us (blocked site data): then the page's memory has to do. */
class Box {
  private memory = new Map<string, string>();

  constructor(private open: () => Storage) {}

  get(key: string): string | null {
    try {
      return this.open().getItem(PREFIX + key) ?? this.memory.get(key) ?? null;
    } catch {
      return this.memory.get(key) ?? null;
    }
  }

  set(key: string, value: string): void {
    try {
      this.open().setItem(PREFIX + key, value);
    } catch {
      this.memory.set(key, value);
    }
  }

  drop(key: string): void {
    this.memory.delete(key);
    try {
      this.open().removeItem(PREFIX + key);
    } catch {
      // Nothing was kept there.
    }
  }
}

export class Session {
  /** Lives as long as the tab. */
  readonly tab: Box;
  private readonly device: Box;

  constructor(
    tab: () => Storage = () => sessionStorage,
    device: () => Storage = () => localStorage,
  ) {
    this.tab = new Box(tab);
    this.device = new Box(device);
  }

  get token(): string | null {
    return this.device.get(TOKEN) ?? this.tab.get(TOKEN);
  }

  set token(token: string) {
    this.set(TOKEN, token);
  }

  get remembered(): boolean {
    return this.device.get(TOKEN) !== null;
  }

  /** Reads a value that belongs to the conversation. */
  number(key: string): number {
    return Number((this.remembered ? this.device : this.tab).get(key) ?? 0) || 0;
  }

  set(key: string, value: string): void {
    if (this.remembered) this.device.set(key, value);
    this.tab.set(key, value);
  }

  /** Keeps the conversation on this device. */
  remember(): void {
    if (this.remembered || !this.token) return;
    this.device.set(TOKEN, this.token);
    this.device.set("read", this.tab.get("read") ?? "0");
  }

  forget(): void {
    for (const key of [TOKEN, "read", "waiting", "step"]) {
      this.tab.drop(key);
      this.device.drop(key);
    }
  }
}
