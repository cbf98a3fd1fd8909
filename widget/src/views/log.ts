// The conversation: bubbles, the time between them, the choices at its end.
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { liveStep, newestReplies, type Item } from "../state/conversation";
import { bubble, type Scene } from "./bubble";
import { choices } from "./choices";

const PAUSE_MS = 5 * 60_000;

export function log(items: readonly Item[], scene: Scene, busy: boolean): TemplateResult {
  const newest = busy ? [] : newestReplies(items);
  return html`<div>
    ${repeat(items, (item) => item.key, (item, place) => html`
      <div class="turn ${item.from}" data-key=${item.key}>
        ${stamp(item, items[place - 1], scene.language)}${bubble(item, scene)}
      </div>`)}
    ${choices(newest, liveStep(items), scene.words, scene.choose)}</div>`;
}

/** The time, where some has passed since the message before. */
function stamp(item: Item, before: Item | undefined, language: string): TemplateResult | typeof nothing {
  const at = new Date(item.at);
  if (Number.isNaN(at.getTime())) return nothing;
  if (before && at.getTime() - new Date(before.at).getTime() < PAUSE_MS) return nothing;
  return html`<time class="stamp" datetime=${item.at}>${said(at, new Date(), language)}</time>`;
}

function said(at: Date, now: Date, language: string): string {
  const today = at.toDateString() === now.toDateString();
  const day: Intl.DateTimeFormatOptions = today ? {} : { weekday: "short", month: "short", day: "numeric" };
  return at.toLocaleString(language === "es" ? "es-US" : "en-US", { ...day, hour: "numeric", minute: "2-digit" });
}
