// The bot's buttons, as long as they are its newest word.
import { html, nothing, type TemplateResult } from "lit";
import { spoken, type Words } from "../language";
import type { Item } from "../state/conversation";
import { stepTitles } from "./exercise";

export function choices(
  newest: readonly Item[], step: Item | undefined, words: Words, choose: (title: string) => void,
): TemplateResult | typeof nothing {
  const slots = newest.some((item) => item.custom?.type === "slots");
  const titles = new Set(newest.flatMap((item) => {
    const own = item === step ? Object.values(stepTitles(item.buttons)) : [];
    return item.buttons.filter((title) => !own.includes(title));
  }));
  if (!titles.size) return nothing;
  return html`
    <div class="choices ${slots ? "slots" : ""}" role="group" aria-label=${words.choices}>
      ${[...titles].map((title) => html`
        <button type="button" class="chip" lang=${spoken(title)} @click=${() => choose(title)}>${title}</button>`)}
    </div>`;
}
