import { svg, type SVGTemplateResult } from "lit";

const icon = (paths: SVGTemplateResult): SVGTemplateResult => svg`
  <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">${paths}</svg>`;

export const chatIcon = icon(svg`<path d="M4 5h16v11H9l-5 4z"/>`);
export const closeIcon = icon(svg`<path d="M6 6l12 12M18 6L6 18"/>`);
export const menuIcon = icon(svg`<path d="M4 7h16M4 12h16M4 17h16"/>`);
export const aboutIcon = icon(svg`<circle cx="12" cy="12" r="9"/><path d="M12 11v6M12 7v.5"/>`);
export const sendIcon = icon(svg`<path d="M4 12l16-8-6 16-3-7z"/>`);
export const plusIcon = icon(svg`<path d="M12 5v14M5 12h14"/>`);
export const minusIcon = icon(svg`<path d="M5 12h14"/>`);
export const downIcon = icon(svg`<path d="M12 5v13M6 13l6 6 6-6"/>`);
export const phoneIcon = icon(svg`<path d="M6 3h4l2 5-2.5 1.5a11 11 0 0 0 5 5L16 12l5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 4 5a2 2 0 0 1 2-2z"/>`);
export const soundOnIcon = icon(svg`<path d="M4 9h4l5-4v14l-5-4H4zM16 9a4 4 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11"/>`);
export const soundOffIcon = icon(svg`<path d="M4 9h4l5-4v14l-5-4H4zM16 9l5 6M21 9l-5 6"/>`);
