// Turns the bot's markdown into safe elements. Three walls: raw HTML is shown as text, links go
// only where links may go, and DOMPurify lets nothing else through.
import DOMPurify from "dompurify";
import { Marked } from "marked";
import { policy } from "./trusted";

const LINK = /^(?:https:\/\/|tel:|mailto:)/i;
// A line after a list belongs to nobody's list: the bot writes as people do, without a blank line.
const AFTER_LIST = /^([ \t]*(?:[-*]|\d{1,2}[.)])[ \t].*\n)(?=\S)(?!(?:[-*]|\d{1,2}[.)])[ \t])/gm;
const TAGS = ["p", "br", "strong", "em", "a", "ul", "ol", "li"];
// 911, 988, and numbers such as 512-215-4227 or 1-800-222-1222.
const PHONE = /\b(?:(?:1-)?\d{3}-\d{3}-\d{4}|911|988)\b/g;

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const marked = new Marked({
  gfm: true,
  breaks: true,
  async: false,
  renderer: {
    html: ({ text }) => escaped(text),
    image: ({ text }) => escaped(text),
    link({ href, tokens }) {
      const inner = this.parser.parseInline(tokens);
      return isLink(href) ? `<a href="${escaped(href)}">${inner}</a>` : inner;
    },
  },
});

export function isLink(address: string): boolean {
  return LINK.test(address);
}

/** Markdown as HTML, before DOMPurify. */
export function toHtml(text: string): string {
  return marked.parse(text.replace(AFTER_LIST, "$1\n")) as string;
}

/** Markdown as elements, with phone numbers that can be tapped. */
export function rendered(text: string): DocumentFragment {
  const fragment = DOMPurify.sanitize(toHtml(text), {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ["href", "start"],
    ALLOWED_URI_REGEXP: LINK,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
    ...(policy ? { TRUSTED_TYPES_POLICY: policy } : {}),
  });
  for (const link of fragment.querySelectorAll("a")) {
    if (link.protocol !== "https:") continue;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  linkPhones(fragment);
  return fragment;
}

function linkPhones(root: DocumentFragment): void {
  const texts: Text[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  for (const node of texts) {
    if (node.parentElement?.closest("a")) continue;
    const parts: (Node | string)[] = [];
    let end = 0;
    for (const found of node.data.matchAll(PHONE)) {
      const link = document.createElement("a");
      link.href = `tel:${found[0]}`;
      link.textContent = found[0];
      parts.push(node.data.slice(end, found.index), link);
      end = found.index + found[0].length;
    }
    if (parts.length) node.replaceWith(...parts, node.data.slice(end));
  }
}
