// The two pages that lie over the conversation: the menu, and what this chat is.
import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { spoken, type Words } from "../language";
import { rendered } from "../markdown";
import type { Clinic } from "../types";
import { calls } from "./calls";

export interface MenuActions {
  startOver(): void;
  download(): void;
  deleteData(): void;
  forgetHere(): void;
  back(): void;
}

export function menuPage(words: Words, remembered: boolean, does: MenuActions): TemplateResult {
  const entry = (text: string, act: () => void) =>
    html`<li><button type="button" class="entry" @click=${act}>${text}</button></li>`;
  return html`
    <section class="page" aria-label=${words.menu}>
      <ul>
        ${entry(words.startOver, does.startOver)}
        ${entry(words.download, does.download)}
        ${entry(words.delete, does.deleteData)}
        ${remembered ? entry(words.forget, does.forgetHere) : nothing}
        ${entry(words.back, does.back)}
      </ul>
      ${remembered ? html`<p>${words.remembered}</p>` : nothing}
    </section>`;
}

export function aboutPage(
  words: Words, disclosure: string, clinic: Clinic | null, back: () => void,
): TemplateResult {
  const text = disclosure || words.disclosure;
  return html`
    <section class="page" aria-label=${words.about}>
      <h3>${words.about}</h3>
      <div class="words" lang=${spoken(text)}>${guard([text], () => rendered(text))}</div>
      ${calls(["911", "988", "clinic"], clinic, words)}
      <button type="button" class="line" @click=${back}>${words.back}</button>
    </section>`;
}
