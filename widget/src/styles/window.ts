import { css } from "lit";

/** The launcher, the window and its parts. */
export const window = css`
  .launcher,
  .panel {
    position: fixed;
    z-index: var(--backcoach-z-index, 2147483000);
    right: max(1em, env(safe-area-inset-right));
    bottom: max(1em, env(safe-area-inset-bottom));
  }
  .launcher {
    width: 3.75em;
    height: 3.75em;
    padding: 0;
    display: grid;
    place-items: center;
    border: 2px solid var(--paper);
    border-radius: 50%;
    background: var(--accent);
    color: var(--on-accent);
    box-shadow: 0 0.15em 0.9em #0006;
  }
  .launcher svg {
    width: 1.9em;
    height: 1.9em;
  }
  .badge {
    position: absolute;
    top: -0.35em;
    right: -0.35em;
    min-width: 1.6em;
    padding: 0 0.4em;
    border: 2px solid var(--paper);
    border-radius: 1em;
    background: var(--alert);
    color: var(--on-alert);
    font-size: 0.9em;
    font-weight: 700;
    text-align: center;
  }
  .panel {
    left: auto;
    top: auto;
    width: min(var(--backcoach-width, 26em), calc(100vw - 2em));
    height: min(var(--backcoach-height, 44em), calc(100dvh - 2em));
    max-width: none;
    max-height: none;
    margin: 0;
    padding: 0;
    overflow: hidden;
    border: 1px solid var(--edge);
    border-radius: var(--radius);
    background: var(--paper);
    color: var(--ink);
    box-shadow: 0 0.4em 2em #0005;
  }
  .panel[open] {
    display: flex;
    flex-direction: column;
  }
  .panel::backdrop {
    background: var(--paper);
  }
  .head {
    display: flex;
    align-items: center;
    gap: 0.15em;
    padding: 0.5em 0.5em 0.5em 1em;
    background: var(--accent);
    color: var(--on-accent);
  }
  .head h2 {
    flex: 1;
    min-width: 0;
    font-size: 1.1em;
    line-height: 1.25;
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow: hidden;
    overflow-wrap: anywhere;
    hyphens: auto;
  }
  .head .icon {
    border-color: transparent;
    background: none;
    color: inherit;
  }
  .head .icon:focus-visible,
  .head .icon[aria-expanded="true"] {
    outline-color: var(--on-accent);
    outline-offset: -4px;
    border-color: var(--on-accent);
  }
  .body {
    flex: 1;
    min-height: 0;
    display: flex;
    flex-direction: column;
  }
  .body[inert] {
    display: none;
  }
  .log {
    position: relative;
    flex: 1;
    min-height: 5em;
    padding: 0.75em 1em;
    overflow: hidden auto;
    overscroll-behavior: contain;
  }
  .log:focus-visible {
    outline-offset: -3px;
  }
  .foot {
    position: relative;
    padding: 0.75em 1em 0.6em;
    border-top: 1px solid var(--soft);
  }
  .newer {
    position: absolute;
    bottom: calc(100% + 0.5em);
    right: 0.75em;
    box-shadow: 0 0.15em 0.6em #0004;
  }
  .typing:not(:empty) {
    position: absolute;
    bottom: 100%;
    left: 1em;
    padding: 0.45em 0.7em;
    border: 1px solid transparent;
    border-radius: 1em;
    background: var(--soft);
    line-height: 1;
  }
  .dots {
    display: inline-flex;
    gap: 0.3em;
  }
  .dots i {
    width: 0.5em;
    height: 0.5em;
    border-radius: 50%;
    background: var(--quiet);
  }
  .notice:not(:empty),
  .offline {
    margin-bottom: 0.6em;
    padding: 0.6em 0.8em;
    border: 2px solid var(--wait);
    border-radius: 0.7em;
    background: var(--wait-soft);
  }
  .offline .calls {
    margin-top: 0.5em;
  }
  .offline .call {
    color: var(--wait);
  }
  .composer {
    display: flex;
    align-items: flex-end;
    gap: 0.5em;
  }
  textarea {
    flex: 1;
    min-width: 0;
    min-height: 44px;
    max-height: 8em;
    padding: 0.5em 0.8em;
    border: 2px solid var(--edge);
    border-radius: 1.2em;
    background: var(--paper);
    resize: none;
  }
  textarea::placeholder {
    color: var(--quiet);
    opacity: 1;
  }
  .small {
    margin-top: 0.4em;
    color: var(--quiet);
    font-size: 0.85em;
  }
  .page {
    flex: 1;
    min-height: 0;
    display: flex;
    flex-direction: column;
    gap: 1em;
    align-items: flex-start;
    padding: 1em;
    overflow-y: auto;
  }
  .page h3 {
    font-size: 1.1em;
  }
  .page ul {
    width: 100%;
    padding: 0;
    list-style: none;
  }
  .page li + li {
    margin-top: 0.5em;
  }
  .entry {
    width: 100%;
    border-radius: 0.7em;
    text-align: left;
  }
  @media (max-width: 30em), (max-height: 30em) {
    .panel {
      inset: 0;
      width: 100%;
      height: 100dvh;
      border: 0;
      border-radius: 0;
    }
    .head {
      padding: 0.25em 0.25em 0.25em 0.75em;
    }
    .head h2 {
      font-size: 1em;
    }
    .log {
      padding: 0.6em 0.75em;
    }
    .foot {
      padding: 0.6em 0.75em 0.5em;
    }
  }
  @media (max-height: 22em) {
    .small {
      display: none;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .dots i {
      animation: rise 1.2s infinite ease-in-out;
    }
    .dots i:nth-child(2) {
      animation-delay: 0.15s;
    }
    .dots i:nth-child(3) {
      animation-delay: 0.3s;
    }
    @keyframes rise {
      30% {
        transform: translateY(-0.3em);
      }
      60% {
        transform: none;
      }
    }
  }
`;
