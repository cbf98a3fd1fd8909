import { css } from "lit";

const dark = css`
  --accent: var(--backcoach-accent-dark, #7fd3dd);
  --on-accent: var(--backcoach-on-accent-dark, #0c1a1c);
  --paper: var(--backcoach-paper-dark, #12191a);
  --ink: var(--backcoach-ink-dark, #eef4f4);
  --soft: var(--backcoach-soft-dark, #243335);
  --quiet: var(--backcoach-quiet-dark, #b4c4c6);
  --edge: #6f8487;
  --alert: #ff9aa8;
  --alert-soft: #3a1119;
  --on-alert: #2a0810;
  --wait: #f3c267;
  --wait-soft: #33270f;
  color-scheme: dark;
`;

/** Colors and measures. A page sets the --backcoach-... properties on the element. */
export const theme = css`
  :host {
    all: initial;
    --accent: var(--backcoach-accent, #0b5d66);
    --on-accent: var(--backcoach-on-accent, #fff);
    --paper: var(--backcoach-paper, #fff);
    --ink: var(--backcoach-ink, #1b2526);
    --soft: var(--backcoach-soft, #e6f0f1);
    --quiet: var(--backcoach-quiet, #4a5c5f);
    --edge: #6d8084;
    --alert: #a3001b;
    --alert-soft: #fff0f2;
    --on-alert: #fff;
    --wait: #7a4b00;
    --wait-soft: #fff6e5;
    --radius: var(--backcoach-radius, 1em);
    color-scheme: light;
    font-family: var(--backcoach-font, system-ui, sans-serif);
    font-size: var(--backcoach-font-size, medium);
    line-height: 1.5;
    color: var(--ink);
  }
  @media (prefers-color-scheme: dark) {
    :host(:not([theme="light"])) {
      ${dark}
    }
  }
  :host([theme="dark"]) {
    ${dark}
  }
  @media (min-width: 160em) {
    :host {
      font-size: var(--backcoach-font-size, x-large);
    }
  }
  @media print {
    :host {
      display: none;
    }
  }
`;
