// What server and widget say to each other.

export interface AlertCard {
  type: "alert";
  level?: string;
  response?: string;
}

export interface StepCard {
  type: "exercise_step";
  exercise: string;
  name: string;
  step: number;
  steps: number;
  seconds: number | null;
  repetitions: number | null;
  repetitions_most: number | null;
  done: number;
  picture: string;
  alt: string;
}

export interface ProgressCard {
  type: "progress";
  caption: string;
  columns: string[];
  rows: string[][];
  chart: string;
  alt: string;
}

export interface CalendarCard {
  type: "calendar";
  filename: string;
  /** Missing in an earlier message that is read again: files are not kept. */
  content?: string;
}

export interface FileCard {
  type: "download";
  filename: string;
  /** Missing in an earlier message that is read again: files are not kept. */
  content?: string;
}

export type Card =
  | AlertCard
  | StepCard
  | ProgressCard
  | CalendarCard
  | FileCard
  | { type: "plan"; remember?: boolean }
  | { type: "forget" }
  | { type: "slots" };

export interface Message {
  seq: number;
  from: "bot" | "me";
  at: string;
  id: string | null;
  text: string;
  buttons: string[];
  custom: Card | null;
}

export interface Clinic {
  name: string;
  phone: string;
  phone_e164: string;
}

export interface Welcome {
  token: string;
  fresh: boolean;
  clinic: Clinic;
  disclosure: string;
  messages: Message[];
}

export interface Refusal {
  ok: false;
  error: string;
  message?: string;
  retry_after?: number;
}

export type SayAnswer = { ok: true; seq: number } | Refusal;
export type Done = { ok: true } | Refusal;
export type Export = { ok: true; filename: string; content: string } | Refusal;
