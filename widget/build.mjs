// Builds the widget into one file of the Python package: node build.mjs [--check]
// With --check nothing is written: it fails where the kept file is not what the sources build.
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../bot/channels/static/widget.js");
const MOST_GZIP_BYTES = 60 * 1024;

// lit makes a Trusted Types policy of its own. A page should have to allow one policy only, so lit
// is given ours.
const LIT_POLICY = 's.createPolicy("lit-html",{createHTML:t=>t})';
const onePolicy = {
  name: "one-trusted-types-policy",
  setup(bundler) {
    bundler.onLoad({ filter: /[\\/]lit-html[\\/]lit-html\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      if (source.split(LIT_POLICY).length !== 2) throw new Error("lit's policy has changed: see build.mjs");
      const policy = join(here, "src/trusted.ts");
      return {
        contents: `import { policy as trusted } from ${JSON.stringify(policy)};` + source.replace(LIT_POLICY, "trusted"),
        loader: "js",
      };
    });
  },
};

// Indentation of styles and templates is for the reader of the sources.
const tightTemplates = {
  name: "tight-templates",
  setup(bundler) {
    bundler.onLoad({ filter: /[\\/]src[\\/](?:styles|views)[\\/]\w+\.ts$|[\\/]widget\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      return { contents: source.replace(/\n\s+/g, "\n"), loader: "ts" };
    });
  },
};

// Only the two transports that are used are built in.
const withoutWebTransport = {
  name: "without-webtransport",
  setup(bundler) {
    bundler.onLoad({ filter: /engine\.io-client[\\/].*[\\/]webtransport\.js$/ }, () => ({
      contents: "export class WT {}",
      loader: "js",
    }));
  },
};

const { outputFiles } = await build({
  absWorkingDir: here,
  entryPoints: ["src/main.ts"],
  bundle: true,
  write: false,
  format: "iife",
  target: "es2022",
  legalComments: "eof",
  charset: "utf8",
  plugins: [onePolicy, tightTemplates, withoutWebTransport],
});
// terser makes it a twentieth smaller than esbuild would.
const { code } = await minify(outputFiles[0].text, {
  compress: { passes: 3, ecma: 2020 },
  mangle: true,
  ecma: 2020,
  format: { comments: false },
});
const notices = outputFiles[0].text.split(/(?=\/\*! Bundled license information)/)[1] ?? "";
const contents = Buffer.from(`${code}\n${notices}`);
const packed = gzipSync(contents, { level: 9 }).length;
const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;
console.log(`widget.js: ${kib(contents.length)}, ${kib(packed)} gzip (at most ${kib(MOST_GZIP_BYTES)})`);
if (packed > MOST_GZIP_BYTES) {
  console.error("The widget is too large.");
  process.exit(1);
}
if (process.argv.includes("--check")) {
  const kept = await readFile(target).catch(() => Buffer.alloc(0));
  if (!kept.equals(contents)) {
    console.error("bot/channels/static/widget.js is not what the sources build: run `make widget`.");
    process.exit(1);
  }
} else {
  await writeFile(target, contents);
}
