// Numbers to tap: the clinic and the two lines that everybody may need.
import { html, nothing, type TemplateResult } from "lit";
import type { Words } from "../language";
import type { Clinic } from "../types";
import { phoneIcon } from "./icons";

type Whom = "911" | "988" | "clinic";

export function calls(whom: readonly Whom[], clinic: Clinic | null, words: Words): TemplateResult {
  const link = (address: string, text: unknown, first: boolean) => html`
    <a class="call ${first ? "first" : ""}" href="tel:${address}">${phoneIcon}<span>${text}</span></a>`;
  return html`<div class="calls">${whom.map((one, place) => {
    if (one === "911") return link("911", words.call911, place === 0);
    if (one === "988") return link("988", words.call988, place === 0);
    if (!clinic?.phone) return nothing;
    return link(clinic.phone_e164 || clinic.phone, html`${words.callClinic}: <span class="number">${clinic.phone}</span>`, place === 0);
  })}</div>`;
}
