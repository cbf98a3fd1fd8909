// Keeps the newest words in sight, unless the patient reads further up.
import type { Item } from "./state/conversation";

const NEAR = 60;
const SPACE_ABOVE = 12;

export class Scroll {
  /** The patient has scrolled up, so new messages may be out of sight. */
  away = false;
  private follows = true;
  private shown = "";

  constructor(private box: () => HTMLElement | null) {}

  /** Before a change: is the end in sight? */
  before(): void {
    const box = this.box();
    if (box?.clientHeight) this.follows = !this.away || this.atEnd(box);
  }

  /** After a change: shows what is new from its beginning, or the end where that fits. */
  after(items: readonly Item[]): void {
    const box = this.box();
    const now = items.map((item) => item.key).join(" ");
    if (!box || now === this.shown) return;
    this.shown = now;
    if (!this.follows) return;
    const mine = items.findLastIndex((item) => item.from === "me");
    const first = items[mine + 1] ?? items[mine];
    const turn = first && box.querySelector<HTMLElement>(`[data-key="${CSS.escape(first.key)}"]`);
    const top = turn ? turn.offsetTop - SPACE_ABOVE : box.scrollHeight;
    box.scrollTop = Math.min(top, box.scrollHeight - box.clientHeight);
  }

  toEnd(): void {
    const box = this.box();
    this.away = false;
    this.follows = true;
    if (box) box.scrollTop = box.scrollHeight;
  }

  /** The patient scrolled; true where that changes what is shown. */
  moved(): boolean {
    const box = this.box();
    const away = box ? !this.atEnd(box) : false;
    const changed = away !== this.away;
    this.away = away;
    return changed;
  }

  private atEnd(box: HTMLElement): boolean {
    return box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
  }
}
