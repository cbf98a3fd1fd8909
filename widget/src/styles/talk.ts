import { css } from "lit";

/** What stands in the conversation. */
export const talk = css`
  .turn {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    margin-bottom: 0.6em;
  }
  .turn.me {
    align-items: flex-end;
  }
  .stamp {
    align-self: center;
    margin: 0.3em 0 0.5em;
    color: var(--quiet);
    font-size: 0.8em;
  }
  .bubble {
    max-width: 92%;
    padding: 0.55em 0.85em;
    border: 1px solid transparent;
    border-radius: var(--radius);
    background: var(--soft);
    overflow-wrap: anywhere;
    hyphens: auto;
  }
  .bubble.bot {
    border-bottom-left-radius: 0.25em;
  }
  .bubble.me {
    border-bottom-right-radius: 0.25em;
    background: var(--accent);
    color: var(--on-accent);
    white-space: pre-line;
    hyphens: manual;
  }
  .bubble.waiting,
  .bubble.failed {
    border: 1px dashed var(--accent);
    background: none;
    color: var(--ink);
  }
  .bubble :is(p, ul, ol) + :is(p, ul, ol),
  .words :is(p, ul, ol) + :is(p, ul, ol) {
    margin-top: 0.5em;
  }
  .bubble :is(ul, ol),
  .words :is(ul, ol) {
    padding-left: 1.3em;
  }
  .state {
    color: var(--quiet);
    font-size: 0.8em;
  }
  .picture {
    display: block;
    width: 100%;
    max-width: 22em;
    height: auto;
    aspect-ratio: 8 / 5;
    margin-bottom: 0.5em;
    border-radius: 0.7em;
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5em;
    margin-bottom: 0.6em;
  }
  .choices.slots {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(8.5em, 1fr));
  }
  .slots .chip {
    padding: 0.4em 0.5em;
    text-wrap: balance;
  }
  .chip.file {
    margin-top: 0.5em;
  }
  .alert {
    width: 100%;
    padding: 0.75em 0.9em 0.9em;
    border: 3px solid var(--alert);
    border-left-width: 0.6em;
    border-radius: 0.7em;
    background: var(--alert-soft);
    overflow-wrap: anywhere;
  }
  .alert .heading {
    display: flex;
    align-items: center;
    gap: 0.4em;
    margin-bottom: 0.3em;
    color: var(--alert);
    font-size: 1.15em;
    font-weight: 700;
  }
  .alert .sign {
    flex: none;
    width: 1.5em;
    height: 1.5em;
    display: grid;
    place-items: center;
    border-radius: 50%;
    background: var(--alert);
    color: var(--on-alert);
  }
  .alert .words {
    font-weight: 600;
  }
  .alert a {
    color: var(--alert);
  }
  .alert .calls {
    margin-top: 0.8em;
  }
  .alert .call {
    flex: 1 1 100%;
    justify-content: center;
    background: var(--paper);
  }
  .alert .call.first {
    background: var(--alert);
    border-color: var(--alert);
    color: var(--on-alert);
  }
  .alert.waits {
    --alert: var(--wait);
    --alert-soft: var(--wait-soft);
    --on-alert: var(--paper);
  }
  .progress {
    width: 100%;
    margin-top: 0.5em;
  }
  .progress .wide {
    max-width: 100%;
    margin-bottom: 0.6em;
    overflow-x: auto;
  }
  .progress img {
    display: block;
    width: 100%;
    height: auto;
    border-radius: 0.5em;
  }
  table {
    border-collapse: collapse;
  }
  caption {
    padding-bottom: 0.3em;
    font-weight: 600;
    text-align: left;
  }
  th,
  td {
    padding: 0.25em 0.7em 0.25em 0;
    border-bottom: 1px solid var(--edge);
    text-align: left;
    vertical-align: top;
  }
`;
