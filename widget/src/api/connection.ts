// The line to the server: one socket that finds its way back, and answers that do not hang.
import { io, type Socket } from "socket.io-client";
import type { Done, Export, Message, Refusal, SayAnswer, Welcome } from "../types";

const ANSWER_MS = 10_000;
const NEXT_TRY_SECONDS = 5;
const PATH = "/chat/socket.io";

export interface Listener {
  /** What the handshake tells: who we are and what we have shown. */
  identity(): { token: string | null; last: number };
  welcomed(welcome: Welcome): void;
  received(message: Message): void;
  typing(on: boolean): void;
  /** All up to this number goes from the screen: somebody started over. */
  cleared(seq: number): void;
  /** The server does not let us in for now. */
  refused(message: string): void;
  lost(): void;
}

export class Connection {
  private socket: Socket;
  /** Seconds until the next try after the server has turned us away. */
  private wait = 1;

  constructor(server: string, listener: Listener) {
    this.socket = io(server, {
      path: PATH,
      autoConnect: false,
      forceNew: true,
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 5000,
      auth: (give) => give({ ...listener.identity(), channel_version: 1, embed: true }),
    } as Parameters<typeof io>[1]);
    this.socket.on("session", (welcome: Welcome) => listener.welcomed(welcome));
    this.socket.on("message", (message: Message) => listener.received(message));
    this.socket.on("typing", (state: { on?: unknown }) => listener.typing(state?.on === true));
    this.socket.on("cleared", (state: { seq?: unknown }) => listener.cleared(Number(state?.seq) || 0));
    this.socket.on("refused", (refusal: Refusal) => {
      this.wait = refusal.retry_after ?? NEXT_TRY_SECONDS;
      listener.refused(refusal.message ?? "");
    });
    this.socket.on("connect_error", () => {
      listener.lost();
      // After a refusal by the server itself the socket does not try again on its own.
      if (!this.socket.active) this.later();
    });
    this.socket.on("disconnect", (reason) => {
      listener.lost();
      if (reason === "io server disconnect") this.later();
    });
    globalThis.addEventListener("offline", () => this.drop());
    globalThis.addEventListener("online", () => this.retry());
  }

  get connected(): boolean {
    return this.socket.connected;
  }

  connect(): void {
    this.socket.connect();
  }

  /** Connects anew, as whoever the listener says we are now. */
  reconnect(): void {
    this.socket.disconnect().connect();
  }

  seen(seq: number): void {
    this.socket.emit("seen", { seq });
  }

  /** Sends a message; null where no answer came: the line is dead then, whatever it says. */
  async say(id: string, text: string): Promise<SayAnswer | null> {
    const answer = await this.ask<SayAnswer>("say", { id, text });
    if (!answer && this.socket.connected) this.drop();
    return answer;
  }

  export(): Promise<Export | null> {
    return this.ask<Export>("export", {});
  }

  restart(): Promise<Done | null> {
    return this.ask("restart", {});
  }

  forget(): Promise<Done | null> {
    return this.ask("forget", {});
  }

  close(): void {
    this.socket.disconnect();
  }

  /** Connects again after as long as the server asked for. */
  private later(): void {
    setTimeout(() => this.socket.connect(), this.wait * 1000);
    this.wait = 1;
  }

  private async ask<Answer>(event: string, body: object): Promise<Answer | null> {
    if (!this.socket.connected) return null;
    try {
      return (await this.socket.timeout(ANSWER_MS).emitWithAck(event, body)) as Answer;
    } catch {
      return null;
    }
  }

  /** Gives up a line that is thought dead; the socket then looks for a new one by itself. */
  private drop(): void {
    if (this.socket.active) this.socket.io.engine.close();
  }

  private retry(): void {
    if (this.socket.active && !this.socket.connected) this.socket.disconnect().connect();
  }
}
