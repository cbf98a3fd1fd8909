import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox, type Outcome, type Waiting } from "../src/state/outbox";

class Shelf {
  kept = new Map<string, string>();
  get = (key: string) => this.kept.get(key) ?? null;
  set = (key: string, value: string) => void this.kept.set(key, value);
}

/** A server that can be away, slow or unwilling, and counts what it was given. */
class Server {
  got: string[] = [];
  next: Outcome[] = [];
  deliver = async (message: Waiting): Promise<Outcome> => {
    const outcome = this.next.shift() ?? { kind: "delivered" };
    await Promise.resolve();
    if (outcome.kind === "delivered") this.got.push(message.id);
    return outcome;
  };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

function outbox(shelf = new Shelf(), server = new Server()) {
  const told: string[] = [];
  const later: (() => void)[] = [];
  const box = new Outbox(
    shelf, server.deliver, (message, outcome) => told.push(`${message.id} ${outcome.kind}`),
    (_seconds, then) => later.push(then),
  );
  return { box, shelf, server, told, later };
}

test("messages arrive once each and in order", async () => {
  const { box, server } = outbox();
  for (const id of ["a", "b", "c"]) box.add({ id, text: id });
  await settle();
  assert.deepEqual(server.got, ["a", "b", "c"]);
  assert.deepEqual(box.waiting, []);
});

test("what was typed while the line was away is sent when it is back", async () => {
  const { box, server } = outbox();
  server.next = [{ kind: "lost" }, { kind: "lost" }];
  box.add({ id: "a", text: "a" });
  await settle();
  box.add({ id: "b", text: "b" });
  await settle();
  assert.deepEqual(server.got, []);
  await Promise.all([box.flush(), box.flush()]);
  await settle();
  assert.deepEqual(server.got, ["a", "b"]);
});

test("a reload keeps what waits", async () => {
  const first = outbox();
  first.server.next = [{ kind: "lost" }];
  first.box.add({ id: "a", text: "my back hurts" });
  await settle();
  const second = outbox(first.shelf);
  await second.box.flush();
  assert.deepEqual(second.server.got, ["a"]);
  assert.deepEqual(outbox(first.shelf).box.waiting, []);
});

test("one too many waits its time and then goes", async () => {
  const { box, server, told, later } = outbox();
  server.next = [{ kind: "later", seconds: 3, message: "Slow down" }];
  box.add({ id: "a", text: "a" });
  await settle();
  assert.deepEqual(told, ["a later"]);
  later.forEach((then) => then());
  await settle();
  assert.deepEqual(server.got, ["a"]);
});

test("a refused message does not hold up the next", async () => {
  const { box, server, told } = outbox();
  server.next = [{ kind: "refused", message: "Too long" }];
  box.add({ id: "a", text: "a" });
  box.add({ id: "b", text: "b" });
  await settle();
  assert.deepEqual(told, ["a refused", "b delivered"]);
  assert.deepEqual(server.got, ["b"]);
});

test("an echo that came without its acknowledgement counts as arrived", async () => {
  const { box, server } = outbox();
  server.next = [{ kind: "lost" }];
  box.add({ id: "a", text: "a" });
  await settle();
  box.arrived("a");
  await box.flush();
  assert.deepEqual(server.got, []);
});

test("a spoilt shelf is an empty one", () => {
  for (const text of ["{", "null", "7", '[{"id":1}]', '["x"]', "[null]"]) {
    const shelf = new Shelf();
    shelf.set("waiting", text);
    assert.deepEqual(outbox(shelf).box.waiting, []);
  }
});
