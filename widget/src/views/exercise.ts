// The card of a step: picture, clock, counter, and the way to the next step and back.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { ownFile } from "../api/files";
import { allowSound, beep } from "../beep";
import { filled, spoken, type Words } from "../language";
import { rendered } from "../markdown";
import { clock, pause, remaining } from "../state/countdown";
import { Session } from "../state/session";
import { begin, counted, goal, nameOf, phase, ticked, toggled, type StepState } from "../state/step";
import type { StepCard } from "../types";
import { minusIcon, plusIcon, soundOffIcon, soundOnIcon } from "./icons";

const TICK_MS = 200;
const NEXT = ["next", "siguiente"];
const BACK = ["back", "atrás"];

/** The buttons that the card shows itself. */
export function stepTitles(titles: readonly string[]): { next?: string; back?: string } {
  const find = (names: string[]) => titles.find((title) => names.includes(title.toLowerCase()));
  const [next, back] = [find(NEXT), find(BACK)];
  return { ...(next ? { next } : {}), ...(back ? { back } : {}) };
}

export class ExerciseStep extends LitElement {
  static override properties = {
    card: { attribute: false },
    text: { attribute: false },
    titles: { attribute: false },
    server: { attribute: false },
    words: { attribute: false },
    choose: { attribute: false },
    state: { state: true },
    sound: { state: true },
    said: { state: true },
  };
  declare card: StepCard;
  /** What the bot says of the step. */
  declare text: string;
  declare titles: string[];
  declare server: string;
  declare words: Words;
  declare choose: (title: string) => void;
  declare state: StepState | undefined;
  declare sound: boolean;
  declare said: string;
  private shelf = new Session().tab;
  private ticking: ReturnType<typeof setInterval> | undefined;
  private readonly tick = () => this.look();

  constructor() {
    super();
    this.sound = false;
    this.said = "";
  }

  override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // A tab that slept catches up when it is looked at again.
    document.addEventListener("visibilitychange", this.tick);
    this.ticking = setInterval(this.tick, TICK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("visibilitychange", this.tick);
    clearInterval(this.ticking);
    // The card has gone: to a question, or to an emergency. What it showed waits until it is back.
    if (this.state?.timer) this.change({ ...this.state, timer: pause(this.state.timer, Date.now()) });
  }

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("card") && this.state?.name !== nameOf(this.card)) {
      this.state = begin(this.card, this.shelf.get("step"));
      this.keep(this.state);
    }
  }

  override render(): TemplateResult {
    const { card, words, state } = this;
    const picture = ownFile(this.server, card.picture);
    const place = filled(words.step, { n: card.step, all: card.steps });
    return html`
      <section class="card" aria-label="${card.name}, ${place}">
        ${picture ? html`<img class="picture" src=${picture} alt=${card.alt} width="320" height="200" />` : nothing}
        ${this.text
          ? html`<div class="words" lang=${spoken(this.text)}>${guard([this.text], () => rendered(this.text))}</div>`
          : html`<p class="heading">${card.name}<span class="place">${place}</span></p>`}
        ${state?.timer ? this.timer(state) : nothing}
        ${state && goal(card) ? this.counter(state) : nothing}
        ${this.ways()}
        <p class="hidden" role="status">${this.said}</p>
      </section>`;
  }

  private timer(state: StepState): TemplateResult | typeof nothing {
    const { words } = this;
    if (!state.timer) return nothing;
    const now = Date.now();
    const left = remaining(state.timer, now);
    const does = { ready: words.start, running: words.pause, paused: words.resume, over: words.again };
    return html`
      <div class="timer" aria-live="off">
        <div class="clock" role="timer" aria-label=${words.timeLeft}>${clock(left)}</div>
        <button type="button" class="solid" @click=${() => this.change(toggled(state, Date.now()))}
          >${does[phase(state.timer, now)]}</button>
        <button type="button" class="icon" aria-pressed=${this.sound ? "true" : "false"}
          aria-label=${words.sound} title=${words.sound}
          @click=${this.toggleSound}>${this.sound ? soundOnIcon : soundOffIcon}</button>
        <progress max=${state.timer.total} value=${state.timer.total - left} aria-hidden="true"></progress>
      </div>`;
  }

  private counter(state: StepState): TemplateResult {
    const { card, words } = this;
    const all = card.repetitions === goal(card) ? goal(card) : `${card.repetitions}–${goal(card)}`;
    const add = (by: number) => () => {
      const next = counted(state, by, card);
      this.change(next);
      this.said = next.count === goal(card) ? words.allDone : filled(words.ofMany, { n: next.count, all });
    };
    return html`
      <div class="counter" role="group" aria-live="off" aria-label=${words.count}>
        <button type="button" class="icon" aria-label=${words.oneLess} ?disabled=${state.count === 0}
          @click=${add(-1)}>${minusIcon}</button>
        <span class="count">${filled(words.ofMany, { n: state.count, all })}</span>
        <button type="button" class="icon" aria-label=${words.oneMore} ?disabled=${state.count >= goal(card)}
          @click=${add(1)}>${plusIcon}</button>
      </div>`;
  }

  private ways(): TemplateResult | typeof nothing {
    const { next, back } = stepTitles(this.titles);
    if (!next && !back) return nothing;
    const way = (title: string | undefined, text: string, kind: string) => title
      ? html`<button type="button" class=${kind} @click=${() => this.choose(title)}>${text}</button>`
      : nothing;
    return html`<div class="ways">
      ${way(back, this.words.previous, "line")}${way(next, this.words.next, "solid")}</div>`;
  }

  private toggleSound(): void {
    this.sound = !this.sound;
    if (this.sound) allowSound();
  }

  private look(): void {
    if (!this.state?.timer || this.state.timer.since === null) return;
    const { state, ended } = ticked(this.state, Date.now(), this.card);
    if (!ended) {
      this.requestUpdate();
      return;
    }
    this.change(state);
    const done = goal(this.card) > 0 && state.count >= goal(this.card);
    this.said = done ? this.words.allDone : goal(this.card) ? this.words.holdDone : this.words.timeUp;
    if (this.sound) beep();
  }

  private change(state: StepState): void {
    this.state = state;
    this.keep(state);
  }

  private keep(state: StepState): void {
    this.shelf.set("step", JSON.stringify(state));
  }
}

customElements.get("backcoach-exercise") ?? customElements.define("backcoach-exercise", ExerciseStep);
