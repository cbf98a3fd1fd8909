// Starts the widget from its script tag: <script src="https://chat.example/widget.js"></script>
import { BackCoachChat } from "./widget";

const TAG = "backcoach-chat";
const ATTRIBUTES = ["title", "lang", "theme", "open", "phone"];

function mount(script: HTMLScriptElement): void {
  if (document.querySelector(TAG)) return;
  const element = new BackCoachChat();
  element.server = script.dataset["server"] || new URL(script.src, document.baseURI).origin;
  for (const name of ATTRIBUTES) {
    const value = script.dataset[name];
    if (value !== undefined && !(name === "open" && value === "false")) element.setAttribute(name === "title" ? "heading" : name, value);
  }
  document.body.append(element);
}

if (!customElements.get(TAG)) customElements.define(TAG, BackCoachChat);

const script = document.currentScript
  ?? [...document.scripts].find((one) => new URL(one.src || "x:", document.baseURI).pathname.endsWith("/widget.js"));
if (script instanceof HTMLScriptElement) {
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", () => mount(script), { once: true });
  } else {
    mount(script);
  }
}
