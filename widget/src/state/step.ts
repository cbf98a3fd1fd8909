// Where the patient is in a step: the clock and the count, kept over a reload of the page.
import type { StepCard } from "../types";
import { countdown, isOver, pause, remaining, start, type Countdown } from "./countdown";

export interface StepState {
  /** Which step it is. */
  name: string;
  timer: Countdown | null;
  count: number;
}

export const nameOf = (card: StepCard): string => `${card.exercise} ${card.step}`;

/** How many to do: the most that the step states. */
export const goal = (card: StepCard): number => card.repetitions_most ?? card.repetitions ?? 0;

/** Begins a step, or goes on with one that was kept. */
export function begin(card: StepCard, kept: string | null): StepState {
  const fresh = { name: nameOf(card), timer: card.seconds ? countdown(card.seconds) : null, count: card.done };
  try {
    const found = JSON.parse(kept ?? "null") as StepState | null;
    if (found?.name !== fresh.name || typeof found.count !== "number") return fresh;
    const timer = found.timer && fresh.timer && found.timer.total === fresh.timer.total ? found.timer : fresh.timer;
    return { ...fresh, timer, count: Math.max(found.count, card.done) };
  } catch {
    return fresh;
  }
}

export function counted(state: StepState, by: number, card: StepCard): StepState {
  return { ...state, count: Math.min(Math.max(0, state.count + by), goal(card)) };
}

export function toggled(state: StepState, now: number): StepState {
  if (!state.timer) return state;
  const timer = state.timer.since === null ? start(state.timer, now) : pause(state.timer, now);
  return { ...state, timer };
}

/** What the clock has brought: a hold that is over counts as a repetition and is set anew. */
export function ticked(state: StepState, now: number, card: StepCard): { state: StepState; ended: boolean } {
  if (!state.timer || !isOver(state.timer, now)) return { state, ended: false };
  if (!goal(card)) return { state: { ...state, timer: { ...state.timer, left: 0, since: null } }, ended: true };
  const timer = { ...state.timer, left: state.timer.total, since: null };
  return { state: counted({ ...state, timer }, 1, card), ended: true };
}

export type Phase = "ready" | "running" | "paused" | "over";

export function phase(timer: Countdown, now: number): Phase {
  if (timer.since !== null) return "running";
  const left = remaining(timer, now);
  if (left === 0) return "over";
  return left < timer.total ? "paused" : "ready";
}
