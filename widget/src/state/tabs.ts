// A new tab joins the conversation of the tabs that are open. Nothing is written anywhere for it,
// so a conversation that nobody asked to keep still ends with its last tab.

const ANSWER_MS = 150;

type Call = { ask: true } | { token: string };

export class Tabs {
  private channel: BroadcastChannel | undefined;
  private asking: Promise<string | null> | undefined;
  private heard: ((token: string) => void) | undefined;

  constructor(server: string, token: () => string | null) {
    if (typeof BroadcastChannel === "undefined") return;
    this.channel = new BroadcastChannel(`backcoach ${server}`);
    this.channel.onmessage = ({ data }: MessageEvent<Call>) => {
      const own = token();
      if ("token" in data) this.heard?.(data.token);
      else if (own) this.channel?.postMessage({ token: own } satisfies Call);
    };
  }

  /** Returns the token of another open tab, or null. */
  ask(): Promise<string | null> {
    if (!this.channel) return Promise.resolve(null);
    this.asking ??= this.call().finally(() => (this.asking = undefined));
    return this.asking;
  }

  private call(): Promise<string | null> {
    return new Promise((resolve) => {
      const done = (token: string | null) => {
        this.heard = undefined;
        clearTimeout(timer);
        resolve(token);
      };
      const timer = setTimeout(() => done(null), ANSWER_MS);
      this.heard = done;
      this.channel?.postMessage({ ask: true } satisfies Call);
    });
  }

  close(): void {
    this.channel?.close();
  }
}
