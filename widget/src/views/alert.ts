// What is said about danger: it stands out, and it is announced at once without taking the focus.
import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { spoken, type Words } from "../language";
import { rendered } from "../markdown";
import type { Item } from "../state/conversation";
import type { AlertCard, Clinic } from "../types";
import { calls } from "./calls";

const URGENT = "utter_urgent_";

/** The level, such as "crisis", from the card or from the name of what is said. */
export function levelOf(card: AlertCard): string {
  return card.level ?? (card.response?.startsWith(URGENT) ? card.response.slice(URGENT.length) : "");
}

const waits = (level: string): boolean => /^(?:same_day|physician_soon)/.test(level);

export function alertCard(item: Item, newest: boolean, clinic: Clinic | null, words: Words): TemplateResult {
  const level = levelOf(item.custom as AlertCard);
  const crisis = level.startsWith("crisis");
  const order = waits(level)
    ? (["clinic", "911", "988"] as const)
    : crisis ? (["988", "911", "clinic"] as const) : (["911", "988", "clinic"] as const);
  const heading = waits(level) ? words.important : words.emergency;
  return html`
    <div class="alert ${waits(level) ? "waits" : ""}" role=${newest ? "alert" : "group"}
      aria-label=${newest ? nothing : heading} data-level=${level || "unknown"}>
      <p class="heading"><span class="sign" aria-hidden="true">!</span>${heading}</p>
      <div class="words" lang=${spoken(item.text)}>${guard([item.text], () => rendered(item.text))}</div>
      ${calls(order, clinic, words)}
    </div>`;
}
