// The chart of pain and exercises, loaded when it is asked for.
import { LitElement, html, type TemplateResult } from "lit";
import { fetchChart } from "../api/files";
import type { Words } from "../language";
import type { ProgressCard } from "../types";

const reveal = (event: Event) => (event.currentTarget as HTMLElement).scrollIntoView({ block: "nearest" });

type State = "asked" | "loading" | "failed" | { address: string };

export class ProgressChart extends LitElement {
  static override properties = {
    card: { attribute: false },
    server: { attribute: false },
    token: { attribute: false },
    words: { attribute: false },
    state: { state: true },
  };
  declare card: ProgressCard;
  declare server: string;
  declare token: string | null;
  declare words: Words;
  declare state: State;

  constructor() {
    super();
    this.state = "asked";
  }

  override createRenderRoot(): this {
    return this;
  }

  override render(): TemplateResult {
    if (typeof this.state === "object") return html`<img src=${this.state.address} alt=${this.card.alt} @load=${reveal} />`;
    const text = this.state === "failed" ? this.words.chartFailed : this.words.chart;
    return html`
      <button type="button" class="chip" ?disabled=${this.state === "loading"} @click=${this.load}>${text}</button>`;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (typeof this.state === "object") URL.revokeObjectURL(this.state.address);
  }

  private async load(): Promise<void> {
    this.state = "loading";
    try {
      this.state = { address: await fetchChart(this.server, this.card.chart, this.token) };
    } catch {
      this.state = "failed";
    }
  }
}

customElements.get("backcoach-chart") ?? customElements.define("backcoach-chart", ProgressChart);
