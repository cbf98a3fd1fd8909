import { css } from "lit";

/** Buttons, links and what every part shares. */
export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: 0;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  p,
  ul,
  ol,
  h2,
  h3 {
    margin: 0;
  }
  button,
  textarea {
    font: inherit;
    color: inherit;
  }
  a {
    color: var(--accent);
    overflow-wrap: anywhere;
  }
  button {
    min-height: max(44px, 2.75em);
    padding: 0.4em 1em;
    border: 2px solid var(--accent);
    border-radius: 1.5em;
    background: var(--paper);
    color: var(--accent);
    cursor: pointer;
    overflow-wrap: anywhere;
    touch-action: manipulation;
  }
  button:disabled {
    border-color: var(--edge);
    color: var(--quiet);
    cursor: default;
  }
  :focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
  }
  .solid,
  .send {
    background: var(--accent);
    color: var(--on-accent);
  }
  .icon,
  .send {
    flex: none;
    width: max(44px, 2.75em);
    height: max(44px, 2.75em);
    padding: 0;
    display: grid;
    place-items: center;
    border-radius: 50%;
  }
  svg {
    width: 1.5em;
    height: 1.5em;
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .link {
    min-height: 24px;
    padding: 0 0.15em;
    border: 0;
    border-radius: 0.2em;
    background: none;
    text-decoration: underline;
  }
  .calls {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5em;
  }
  .call {
    display: inline-flex;
    align-items: center;
    gap: 0.5em;
    min-height: 44px;
    padding: 0.35em 0.9em;
    border: 2px solid currentColor;
    border-radius: 1.5em;
    font-weight: 600;
    text-decoration: none;
  }
  a[href^="tel:"],
  .number {
    white-space: nowrap;
  }
  .call[href] {
    white-space: normal;
  }
  .call svg {
    flex: none;
    width: 1.15em;
    height: 1.15em;
  }
  @media (hover: hover) {
    button:not(:disabled, .icon):hover,
    .call:hover {
      text-decoration: underline;
    }
  }
`;
