"use strict";

const byId = (id) => document.getElementById(id);
const shown = new Map();

function toTheEnd() {
  byId("texts").scrollTop = byId("texts").scrollHeight;
}

function line(text) {
  const item = document.createElement("div");
  item.className = `text ${text.mine ? "me" : "bot"}`;
  const who = document.createElement("span");
  who.className = "who";
  who.textContent = text.mine ? "You: " : "Clinic: ";
  item.append(who, document.createTextNode(text.body));
  if (/^https?:\/\/(127\.0\.0\.1|localhost)(:\d+)?\/pictures\/[\w.]+$/.test(text.media)) {
    const picture = document.createElement("img");
    picture.src = text.media;
    picture.alt = "Picture of the exercise";
    picture.addEventListener("load", toTheEnd);
    item.append(picture);
  }
  return item;
}

async function refresh() {
  const phone = byId("phone").value;
  try {
    const answer = await fetch(`/phone/texts?phone=${encodeURIComponent(phone)}`);
    for (const text of await answer.json()) {
      if (!shown.has(text.sid)) {
        const item = line(text);
        shown.set(text.sid, item);
        byId("texts").append(item);
        toTheEnd();
      }
      if (text.error && !shown.get(text.sid).querySelector(".failed")) {
        const failed = document.createElement("span");
        failed.className = "failed";
        failed.textContent = `Not delivered: error ${text.error}`;
        shown.get(text.sid).append(failed);
      }
    }
  } catch {
    byId("note").textContent = "The sandbox does not answer. Is it still running?";
  }
}

async function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  return fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
}

byId("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = byId("body").value;
  const media = byId("media").checked ? 1 : 0;
  if (!body && !media) return;
  byId("body").value = "";
  const answer = await post("/phone/send", { phone: byId("phone").value, body, media });
  const why = answer.status === 400 ? "Give a number such as +15125550100." : "The bot did not take it. Is it running?";
  byId("note").textContent = answer.ok ? "" : why;
  await refresh();
});

byId("body").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    byId("form").requestSubmit();
  }
});

byId("phone").addEventListener("change", () => {
  shown.clear();
  byId("texts").replaceChildren();
  refresh();
});

for (const name of ["down", "keywords"]) {
  byId(name).addEventListener("change", (event) => post("/faults", { [name]: event.target.checked }));
}

refresh();
setInterval(refresh, 700);
