import { css } from "lit";

/** The card of a step. */
export const exercise = css`
  backcoach-exercise,
  backcoach-chart {
    display: block;
    width: 100%;
  }
  .card {
    margin-bottom: 0.5em;
    padding: 0.75em;
    border: 2px solid var(--accent);
    border-radius: var(--radius);
  }
  .card .picture {
    max-width: 100%;
    max-height: 8.5em;
    object-fit: contain;
  }
  .card .heading {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    justify-content: space-between;
    gap: 0 0.8em;
    font-weight: 700;
  }
  .place {
    color: var(--quiet);
    font-size: 0.9em;
    font-weight: 400;
  }
  .timer,
  .counter,
  .ways {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5em;
    margin-top: 0.6em;
  }
  .clock {
    min-width: 3.2em;
    font-size: 1.7em;
    font-weight: 700;
    font-variant-numeric: tabular-nums;
    line-height: 1.2;
  }
  .timer .solid,
  .ways button {
    flex: 1;
  }
  progress {
    flex: 1 1 100%;
    height: 0.5em;
    accent-color: var(--accent);
  }
  .counter {
    justify-content: space-between;
  }
  .count {
    font-size: 1.15em;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }
`;
