// Where the patient writes.
import { html, type TemplateResult } from "lit";
import type { Words } from "../language";
import { sendIcon } from "./icons";

export function composer(words: Words, say: (text: string) => void, about: () => void): TemplateResult {
  const send = (event: Event) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const box = form.querySelector("textarea");
    if (!box?.value.trim()) return;
    say(box.value);
    box.value = "";
    grow(box);
    box.focus();
  };
  return html`
    <form class="composer" autocomplete="off" @submit=${send}>
      <label for="text" class="hidden">${words.message}</label>
      <textarea id="text" rows="1" maxlength="10000" placeholder=${words.write} enterkeyhint="send"
        @input=${(event: Event) => grow(event.currentTarget as HTMLTextAreaElement)}
        @keydown=${submitOnEnter}></textarea>
      <button type="submit" class="send" aria-label=${words.send} title=${words.send}>${sendIcon}</button>
    </form>
    <p class="small">${words.automated}
      <button type="button" class="link" @click=${about}>${words.about}</button></p>`;
}

function submitOnEnter(event: KeyboardEvent): void {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  (event.currentTarget as HTMLTextAreaElement).form?.requestSubmit();
}

/** The box grows with what is written; the style sheet says how far. */
function grow(box: HTMLTextAreaElement): void {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 4}px`;
}
