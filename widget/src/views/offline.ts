// Said where the server cannot be reached: what becomes of messages, and whom to call.
import { html, nothing, type TemplateResult } from "lit";
import type { Words } from "../language";
import type { Clinic } from "../types";
import { calls } from "./calls";

export function offline(lost: boolean, clinic: Clinic | null, words: Words): TemplateResult {
  return html`
    <div role="alert">
      ${lost ? html`
        <div class="offline">
          <p><strong>${words.offline}</strong> ${words.offlineQueue} ${words.offlineEmergency}</p>
          ${calls(["911", "clinic"], clinic, words)}
        </div>` : nothing}
    </div>`;
}
