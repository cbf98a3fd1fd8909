import assert from "node:assert/strict";
import { test } from "node:test";
import { isLink, toHtml } from "../src/markdown";

test("what the bot writes becomes text with emphasis, lists, links and line breaks", () => {
  assert.equal(
    toHtml("**Stop** now, *please*.\nCall [us](https://example.com/a?b=1)").trim(),
    '<p><strong>Stop</strong> now, <em>please</em>.<br>Call <a href="https://example.com/a?b=1">us</a></p>',
  );
  assert.match(toHtml("- one\n- two"), /<ul>\s*<li>one<\/li>\s*<li>two<\/li>\s*<\/ul>/);
});

test("a line after a list is no part of it", () => {
  const made = toHtml("Free:\n1. Friday at 8 am\n2. Friday at 9 am\nTap one, or send its number.");
  assert.equal(
    made.replace(/\n/g, ""),
    "<p>Free:</p><ol><li>Friday at 8 am</li><li>Friday at 9 am</li></ol><p>Tap one, or send its number.</p>",
  );
});

test("HTML is shown as it was written and never becomes an element", () => {
  for (const text of [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "hello <b onclick=alert(1)>you</b>",
    "<svg><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "![<img src=x onerror=alert(1)>](https://example.com/x.png)",
    "[<img src=x onerror=alert(1)>](https://example.com)",
    "`<script>alert(1)</script>`",
  ]) {
    const made = toHtml(text);
    assert.doesNotMatch(made, /<(?:script|img|svg|b|iframe)\b/i, text);
  }
});

test("links go only to https, tel and mailto", () => {
  for (const address of [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java&#115;cript:alert(1)", "data:text/html,x",
    "vbscript:x", "http://example.com", "//example.com", "/chat", "file:///etc/passwd", "blob:x",
    "javascript:%61lert(1)", " javascript:alert(1)",
  ]) {
    assert.doesNotMatch(toHtml(`[tap](${address})`), /<a\b/, address);
    assert.doesNotMatch(toHtml(`[tap](<${address}>)`), /<a\b/, address);
    assert.doesNotMatch(toHtml(`[tap][1]\n\n[1]: ${address}`), /<a\b/, address);
  }
  for (const address of ["https://example.com", "tel:911", "mailto:a@example.com"]) {
    assert.ok(isLink(address));
    assert.match(toHtml(`[tap](${address})`), /<a href="/);
  }
});

test("an address cannot break out of its attribute", () => {
  const made = toHtml('[tap](https://example.com/"onmouseover="alert(1))');
  assert.doesNotMatch(made, /" ?onmouseover/);
});
