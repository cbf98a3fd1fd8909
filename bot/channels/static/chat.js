// The plain chat page: sends messages, shows replies. Text is only ever set as text.
"use strict";
const log = document.getElementById("log");
const alerts = document.getElementById("alerts");
const form = document.getElementById("form");
const box = document.getElementById("text");
const KEY = "backcoach-session";

function linked(text, into) {
  const pattern = /\[([^\]]+)\]\((https?:[^)\s]+)\)|\*\*([^*]+)\*\*|\*([^*\n]+)\*|\b(911|988)\b|(\b\d{3}-\d{3}-\d{4}\b)/g;
  let last = 0;
  for (const m of text.matchAll(pattern)) {
    into.append(text.slice(last, m.index));
    last = m.index + m[0].length;
    let node;
    if (m[3] || m[4]) {
      node = document.createElement(m[3] ? "strong" : "em");
      node.textContent = m[3] || m[4];
    } else {
      node = document.createElement("a");
      node.href = m[2] || "tel:" + (m[5] || m[6]);
      node.textContent = m[1] || m[5] || m[6];
      if (m[2]) node.rel = "noopener noreferrer";
    }
    into.append(node);
  }
  into.append(text.slice(last));
}

function show(text, kind) {
  const turn = document.createElement("div");
  turn.className = "turn " + kind;
  linked(text, turn);
  log.append(turn);
  log.scrollTop = log.scrollHeight;
}

function showPicture(card) {
  const image = document.createElement("img");
  image.className = "turn picture";
  image.src = card.picture;
  image.alt = card.alt;
  image.width = 320;
  image.height = 200;
  log.append(image);
}

function dropChoices() {
  for (const old of log.querySelectorAll(".choices")) old.remove();
}

// The token lives as long as the tab; once the patient agreed to a plan, as long as they wish: else
// nobody could be told of a reminder at the next visit.
const known = document.getElementById("known");
function stored() {
  return localStorage.getItem(KEY) || sessionStorage.getItem(KEY);
}
function keep(token) {
  if (localStorage.getItem(KEY)) localStorage.setItem(KEY, token);
  sessionStorage.setItem(KEY, token);
  known.hidden = !localStorage.getItem(KEY);
}
function forget() {
  localStorage.removeItem(KEY);
  sessionStorage.removeItem(KEY);
  known.hidden = true;
}
function obey(custom) {
  if (custom.type === "plan" && custom.remember) {
    localStorage.setItem(KEY, stored());
    known.hidden = false;
  }
  if (custom.type === "forget") forget();
  if (custom.type === "progress") showProgress(custom, stored(), log);
  if (custom.type === "calendar") showFile(custom, "text/calendar", "Add it to your calendar");
  if (custom.type === "download") showFile(custom, "application/octet-stream", "Save " + custom.filename);
}
function showFile(file, type, title) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([file.content], { type }));
  link.download = file.filename;
  link.textContent = title;
  const turn = document.createElement("div");
  turn.className = "turn bot";
  turn.append(link);
  log.append(turn);
}
document.getElementById("forget").addEventListener("click", () => {
  forget();
  location.reload();
});

function showReply(reply) {
  const urgent = reply.custom && reply.custom.type === "alert";
  if (reply.custom && reply.custom.picture) showPicture(reply.custom);
  if (reply.text) show(reply.text, urgent ? "bot alert" : "bot");
  if (urgent) alerts.textContent = reply.text;
  if (reply.custom) obey(reply.custom);
  if (!reply.buttons.length) return;
  const row = document.createElement("div");
  row.className = "choices";
  for (const title of reply.buttons) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = title;
    button.addEventListener("click", () => send(title));
    row.append(button);
  }
  log.append(row);
  log.scrollTop = log.scrollHeight;
}

async function post(path, body, token) {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = "Bearer " + token;
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: answer.status, body: await answer.json() };
}

async function newSession(greet) {
  const { body } = await post("/chat/session", {}, stored());
  keep(body.token);
  if (greet) body.replies.forEach(showReply);
  return body.token;
}

let queue = Promise.resolve();
function send(text) {
  dropChoices();
  show(text, "me");
  queue = queue.then(() => deliver(text));
}

async function deliver(text) {
  try {
    const token = stored() || await newSession(false);
    let answer = await post("/chat/message", { text }, token);
    if (answer.status === 401) answer = await post("/chat/message", { text }, await newSession(false));
    if (answer.status !== 200) throw new Error(String(answer.status));
    answer.body.replies.forEach(showReply);
  } catch {
    show("I can't reach the clinic's server right now. In an emergency call 911. You can call the "
      + "clinic at the number above.", "bot alert");
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = box.value.trim();
  if (!text) return;
  box.value = "";
  send(text);
  box.focus();
});
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    form.requestSubmit();
  }
});
newSession(true).catch(() => show("I can't reach the clinic's server right now. Please call the number above.", "bot"));
