import assert from "node:assert/strict";
import { test } from "node:test";
import { clock, countdown, isOver, pause, remaining, start } from "../src/state/countdown";
import { begin, counted, goal, phase, ticked, toggled } from "../src/state/step";
import type { StepCard } from "../src/types";

const card: StepCard = {
  type: "exercise_step", exercise: "long_bridge", name: "Long bridge", step: 4, steps: 4, seconds: 5,
  repetitions: 20, repetitions_most: 20, done: 0, picture: "/pictures/long_bridge_4.svg", alt: "",
};

test("a tab that slept for two minutes finds the time gone", () => {
  const running = start(countdown(150), 1_000);
  assert.equal(remaining(running, 121_000), 30_000);
  assert.equal(isOver(running, 121_000), false);
  assert.equal(isOver(running, 500_000), true);
  assert.equal(remaining(running, 500_000), 0);
});

test("a pause keeps what is left, and going on takes it from there", () => {
  const paused = pause(start(countdown(10), 0), 4_000);
  assert.equal(remaining(paused, 99_000), 6_000);
  assert.equal(phase(paused, 99_000), "paused");
  const again = start(paused, 100_000);
  assert.equal(remaining(again, 101_000), 5_000);
});

test("a clock that was set back takes no time away and adds none", () => {
  assert.equal(remaining(start(countdown(10), 50_000), 20_000), 10_000);
});

test("starting twice changes nothing, starting at the end begins anew", () => {
  const running = start(countdown(10), 0);
  assert.equal(start(running, 5_000), running);
  const over = { ...countdown(10), left: 0 };
  assert.equal(remaining(start(over, 0), 0), 10_000);
});

test("the clock shows a second that has begun", () => {
  assert.equal(clock(5_000), "0:05");
  assert.equal(clock(4_200), "0:05");
  assert.equal(clock(125_000), "2:05");
  assert.equal(clock(0), "0:00");
});

test("a hold that is over counts once and is set for the next", () => {
  const running = toggled(begin(card, null), 0);
  const early = ticked(running, 4_999, card);
  assert.equal(early.ended, false);
  const { state, ended } = ticked(running, 60_000, card);
  assert.equal(ended, true);
  assert.equal(state.count, 1);
  assert.equal(phase(state.timer!, 60_000), "ready");
  assert.equal(ticked(state, 120_000, card).ended, false);
});

test("a time without repetitions ends and says so", () => {
  const breathing = { ...card, seconds: 120, repetitions: null, repetitions_most: null };
  const { state, ended } = ticked(toggled(begin(breathing, null), 0), 120_000, breathing);
  assert.equal(ended, true);
  assert.equal(state.count, 0);
  assert.equal(phase(state.timer!, 120_000), "over");
});

test("the count stays between none and all", () => {
  const state = begin(card, null);
  assert.equal(counted(state, -1, card).count, 0);
  assert.equal(counted({ ...state, count: 20 }, 1, card).count, 20);
  assert.equal(goal({ ...card, repetitions: 20, repetitions_most: 30 }), 30);
});

test("a reload goes on where the step was, another step begins anew", () => {
  const kept = JSON.stringify({ ...toggled(begin(card, null), 1_000), count: 7 });
  const back = begin(card, kept);
  assert.equal(back.count, 7);
  assert.equal(remaining(back.timer!, 3_000), 3_000);
  assert.equal(begin({ ...card, step: 3 }, kept).count, 0);
  assert.equal(begin({ ...card, done: 12 }, kept).count, 12, "what the bot knows counts too");
  for (const broken of ["", "null", "[]", "{", '{"name":"long_bridge 4"}']) {
    assert.equal(begin(card, broken).count, 0);
  }
});
