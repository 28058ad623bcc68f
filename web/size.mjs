// Prints what a first visit loads, brotli at its best, and fails above the limit.

import { readdirSync, readFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";

const limitKB = 450;
const dist = new URL("./dist/", import.meta.url);

// Fonts for letters beyond Latin-1 load only where a text needs them.
const first = [
  "index.html",
  "icon.svg",
  ...readdirSync(new URL("assets", dist)).map((f) => `assets/${f}`),
].filter((name) => !name.includes("latin-ext") && !name.endsWith(".gz"));

let total = 0;
for (const name of first) {
  const bytes = readFileSync(new URL(name, dist));
  const small = name.endsWith(".woff2") ? bytes.length : brotliCompressSync(bytes).length;
  total += small;
  process.stdout.write(`${String(Math.round(small / 100) / 10).padStart(8)} kB  ${name}\n`);
}
process.stdout.write(`${String(Math.round(total / 100) / 10).padStart(8)} kB  in all, of ${limitKB}\n`);
process.exitCode = total > limitKB * 1000 ? 1 : 0;
