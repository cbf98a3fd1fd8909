// A countdown by the clock on the wall: a tab that sleeps or a slow timer loses no time.

export interface Countdown {
  /** The whole time in milliseconds. */
  total: number;
  /** What was left when it was last paused. */
  left: number;
  /** When it was started, in milliseconds since 1970; null while it stands. */
  since: number | null;
}

export function countdown(seconds: number): Countdown {
  return { total: seconds * 1000, left: seconds * 1000, since: null };
}

export function remaining(timer: Countdown, now: number): number {
  const gone = timer.since === null ? 0 : Math.max(0, now - timer.since);
  return Math.max(0, timer.left - gone);
}

export function start(timer: Countdown, now: number): Countdown {
  if (timer.since !== null) return timer;
  return { ...timer, left: timer.left > 0 ? timer.left : timer.total, since: now };
}

export function pause(timer: Countdown, now: number): Countdown {
  return { ...timer, left: remaining(timer, now), since: null };
}

export function isOver(timer: Countdown, now: number): boolean {
  return timer.since !== null && remaining(timer, now) === 0;
}

/** Milliseconds as a clock shows them; a second that has begun counts: 4.2 s left are 0:05. */
export function clock(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
