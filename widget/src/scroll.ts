// Keeps the newest words in sight, unless the patient reads further up.
import type { Item } from "./state/conversation";

const NEAR = 60;
const SPACE_ABOVE = 12;

export class Scroll {
  /** The patient has scrolled up, so new messages may be out of sight. */
  away = false;
  private place = 0;
  private shown = "";
  private newest = "";
  /** Cards and pictures grow after they were put in place. */
  private watch = new ResizeObserver(() => this.again());
  private watched: Element | null = null;

  constructor(private box: () => HTMLElement | null) {}

  /** After a change: shows what is new from its beginning, or the end where that fits. */
  after(items: readonly Item[]): void {
    const box = this.box();
    const now = items.map((item) => item.key).join(" ");
    if (box && this.watched !== box.firstElementChild) {
      this.watch.disconnect();
      this.watched = box.firstElementChild;
      if (this.watched) this.watch.observe(this.watched);
    }
    if (!box?.clientHeight || now === this.shown) return;
    this.shown = now;
    const mine = items.findLastIndex((item) => item.from === "me");
    this.newest = (items[mine + 1] ?? items[mine])?.key ?? "";
    if (!this.away) this.toNewest(box);
  }

  private toNewest(box: HTMLElement): void {
    const turn = box.querySelector<HTMLElement>(`[data-key="${CSS.escape(this.newest)}"]`);
    this.to(box, turn ? turn.offsetTop - SPACE_ABOVE : box.scrollHeight);
  }

  private again(): void {
    const box = this.box();
    if (box?.clientHeight && Math.abs(box.scrollTop - this.place) < 2) this.toNewest(box);
  }

  toEnd(): void {
    const box = this.box();
    this.away = false;
    if (box) this.to(box, box.scrollHeight);
  }

  /** The patient scrolled; true where that changes what is shown. */
  moved(): boolean {
    const box = this.box();
    const end = box ? box.scrollHeight - box.clientHeight : 0;
    const away = box !== null && box.scrollTop < Math.min(this.place, end) - NEAR;
    const changed = away !== this.away;
    this.away = away;
    return changed;
  }

  private to(box: HTMLElement, top: number): void {
    this.place = Math.max(0, Math.min(top, box.scrollHeight - box.clientHeight));
    box.scrollTop = this.place;
  }
}
