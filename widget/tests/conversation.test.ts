import assert from "node:assert/strict";
import { test } from "node:test";
import { ownFile } from "../src/api/files";
import { filled, language, spoken, words } from "../src/language";
import { Conversation, liveStep, newestReplies, unread } from "../src/state/conversation";
import type { Card, Message } from "../src/types";

const at = "2026-01-01T12:00:00Z";

function message(seq: number, from: "bot" | "me", text: string, more: Partial<Message> = {}): Message {
  return { seq, from, at, id: null, text, buttons: [], custom: null, ...more };
}

const step = { type: "exercise_step", step: 1 } as unknown as Card;
const alert: Card = { type: "alert" };

test("a message that comes twice is shown once", () => {
  const talk = new Conversation();
  assert.ok(talk.receive(message(1, "bot", "Hi")));
  assert.ok(!talk.receive(message(1, "bot", "Hi")));
  assert.ok(talk.receive(message(2, "bot", "There")));
  assert.deepEqual(talk.items.map((item) => item.text), ["Hi", "There"]);
});

test("the echo of an own message takes the place of the waiting one", () => {
  const talk = new Conversation();
  talk.wait("x", "hello", at);
  talk.wait("y", "again", at);
  talk.receive(message(1, "me", "hello", { id: "x" }));
  talk.receive(message(2, "bot", "Hi"));
  assert.deepEqual(talk.items.map((item) => [item.text, item.state]), [
    ["hello", "sent"], ["Hi", "sent"], ["again", "waiting"],
  ]);
  assert.equal(talk.items[0]!.key, "x", "the bubble stays");
});

test("a message of another tab is shown too", () => {
  const talk = new Conversation();
  talk.receive(message(1, "me", "from the other tab", { id: "z" }));
  assert.equal(talk.items.length, 1);
});

test("an acknowledged message stays sent when its echo comes late", () => {
  const talk = new Conversation();
  talk.wait("x", "hello", at);
  talk.mark("x", "sent");
  talk.receive(message(1, "me", "hello", { id: "x" }));
  talk.mark("x", "failed");
  assert.deepEqual(talk.items.map((item) => item.state), ["sent"]);
});

test("only the newest replies have buttons", () => {
  const talk = new Conversation();
  talk.receive(message(1, "bot", "old", { buttons: ["Old"] }));
  talk.receive(message(2, "me", "go"));
  talk.receive(message(3, "bot", "new", { buttons: ["New"] }));
  assert.deepEqual(newestReplies(talk.items).flatMap((item) => item.buttons), ["New"]);
  talk.wait("x", "more", at);
  assert.deepEqual(newestReplies(talk.items), []);
});

test("a step is live until other talk or an emergency comes", () => {
  const talk = new Conversation();
  talk.receive(message(1, "bot", "step", { custom: step }));
  assert.equal(liveStep(talk.items)?.seq, 1);
  talk.receive(message(2, "me", "how long?"));
  assert.equal(liveStep(talk.items)?.seq, 1, "the clock runs on while an answer is waited for");
  talk.receive(message(3, "bot", "5 seconds"));
  assert.equal(liveStep(talk.items), undefined);
  talk.receive(message(4, "bot", "step", { custom: step }));
  assert.equal(liveStep(talk.items)?.seq, 4);
  talk.receive(message(5, "bot", "Call 911", { custom: alert }));
  assert.equal(liveStep(talk.items), undefined);
});

test("own messages are never unread", () => {
  const talk = new Conversation();
  talk.receive(message(1, "bot", "a"));
  talk.receive(message(2, "me", "b"));
  talk.receive(message(3, "bot", "c"));
  assert.equal(unread(talk.items, 0), 2);
  assert.equal(unread(talk.items, 1), 1);
  assert.equal(unread(talk.items, 3), 0);
});

test("files are taken from the clinic's server only", () => {
  const server = "https://chat.example";
  assert.equal(ownFile(server, "/pictures/a.svg"), "https://chat.example/pictures/a.svg");
  for (const path of ["https://evil.example/x", "//evil.example/x", "/\\evil.example/x", "javascript:x", "", null, 3]) {
    assert.equal(ownFile(server, path), null, String(path));
  }
});

test("every sentence is there in both languages, with the same numbers in it", () => {
  const [en, es] = [words("en"), words("es")];
  for (const key of Object.keys(en) as (keyof typeof en)[]) {
    assert.ok(es[key], key);
    assert.deepEqual(es[key].match(/\{\w+\}/g), en[key].match(/\{\w+\}/g), key);
  }
  assert.equal(filled(en.step, { n: 2, all: 4 }), "step 2 of 4");
  assert.equal(language("es-MX"), "es");
  assert.equal(language("de"), "en");
  assert.equal(spoken("Llame al 911 ahora. ¿Está solo?"), "es");
  assert.equal(spoken("Call 911 now."), "en");
});
