// One message of the conversation, with what hangs on it.
import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { ownFile, save } from "../api/files";
import { spoken, type Language, type Words } from "../language";
import { rendered } from "../markdown";
import type { Item } from "../state/conversation";
import type { CalendarCard, FileCard, Clinic, ProgressCard, StepCard } from "../types";
import { alertCard } from "./alert";
import "./chart";
import "./exercise";

export interface Scene {
  server: string;
  clinic: Clinic | null;
  words: Words;
  language: Language;
  token: string | null;
  /** The step that is being done. */
  step: Item | undefined;
  /** The alert that was said last. */
  alert: Item | undefined;
  choose(title: string): void;
}

export function bubble(item: Item, scene: Scene): TemplateResult {
  if (item.from === "me") return mine(item, scene.words);
  if (item.custom?.type === "alert") {
    return alertCard(item, item === scene.alert, scene.clinic, scene.words);
  }
  const text = item.text ? words(item, scene.words) : nothing;
  switch (item.custom?.type) {
    case "exercise_step":
      return item === scene.step
        ? step(item, item.custom, scene)
        : html`${picture(item.custom, scene)}${text}`;
    case "progress":
      return html`${text}${progress(item.custom, scene)}`;
    case "calendar":
      return html`${text}${calendar(item.custom, scene.words)}`;
    case "download":
      return html`${text}${file(item.custom, scene.words)}`;
    default:
      return html`${text}`;
  }
}

function mine(item: Item, words: Words): TemplateResult {
  const state = item.state === "waiting" ? words.waiting : item.state === "failed" ? words.failed : "";
  return html`
    <div class="bubble me ${item.state}" lang=${spoken(item.text)}
      ><span class="hidden">${words.you}: </span>${item.text}</div>
    ${state ? html`<p class="state">${state}</p>` : nothing}`;
}

function words(item: Item, says: Words): TemplateResult {
  return html`
    <div class="bubble bot" lang=${spoken(item.text)}>
      <span class="hidden">${says.bot}: </span>${guard([item.text], () => rendered(item.text))}
    </div>`;
}

function picture(card: StepCard, scene: Scene): TemplateResult | typeof nothing {
  const address = ownFile(scene.server, card.picture);
  if (!address) return nothing;
  return html`<img class="picture" src=${address} alt=${card.alt} width="320" height="200" />`;
}

function step(item: Item, card: StepCard, scene: Scene): TemplateResult {
  return html`
    <backcoach-exercise .card=${card} .text=${item.text} .titles=${item.buttons} .server=${scene.server}
      .words=${scene.words} .choose=${scene.choose}></backcoach-exercise>`;
}

function progress(card: ProgressCard, scene: Scene): TemplateResult {
  return html`
    <div class="progress">
      <div class="wide" tabindex="0" role="region" aria-label=${card.caption}>
        <table>
          <caption>${card.caption}</caption>
          <thead><tr>${card.columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
          <tbody>${card.rows.map(([day, ...rest]) => html`
            <tr><th scope="row">${day}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>`)}
          </tbody>
        </table>
      </div>
      <backcoach-chart .card=${card} .server=${scene.server} .token=${scene.token}
        .words=${scene.words}></backcoach-chart>
    </div>`;
}

function calendar(card: CalendarCard, says: Words): TemplateResult | typeof nothing {
  const { filename, content } = card;
  if (!content) return nothing;
  const take = () => save(filename, content, "text/calendar");
  return html`<button type="button" class="chip file" @click=${take}>${says.calendar}</button>`;
}

function file(card: FileCard, says: Words): TemplateResult | typeof nothing {
  const { filename, content } = card;
  if (!content) return nothing;
  const take = () => save(filename, content, "text/plain");
  return html`<button type="button" class="chip file" @click=${take}>${says.save} ${filename}</button>`;
}
