// Prints what a first visit loads, brotli at its best, and fails above the
// limit. What is loaded only when somebody logs in, edits or opens a history
// is listed, and not counted.

import { readdirSync, readFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";

const limitKB = 450;
const dist = new URL("./dist/", import.meta.url);
const text = (name) => readFileSync(new URL(name, dist), "utf8");

// The scripts that the page names, and what those import without being asked.
const scripts = new Set();
function follow(name) {
  if (scripts.has(name)) return;
  scripts.add(name);
  for (const [, other] of text(name).matchAll(/(?:from|import)\s*["']\.\/([^"']+)["']/g))
    follow(`assets/${other}`);
}
for (const [, name] of text("index.html").matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)) follow(name);

const assets = readdirSync(new URL("assets", dist))
  .map((name) => `assets/${name}`)
  .filter((name) => !name.endsWith(".gz"));
const later = assets.filter((name) => name.endsWith(".js") && !scripts.has(name));
// Fonts for letters beyond Latin-1 load only where a text needs them.
const first = ["index.html", "icon.svg", ...assets].filter(
  (name) => !name.includes("latin-ext") && !later.includes(name),
);

function print(names) {
  let total = 0;
  for (const name of names) {
    const bytes = readFileSync(new URL(name, dist));
    const small = name.endsWith(".woff2") ? bytes.length : brotliCompressSync(bytes).length;
    total += small;
    process.stdout.write(`${kB(small)} kB  ${name}\n`);
  }
  return total;
}
const kB = (bytes) => String(Math.round(bytes / 100) / 10).padStart(8);

const total = print(first);
process.stdout.write(`${kB(total)} kB  in all, of ${limitKB}\n`);
if (later.length > 0) process.stdout.write("later, for those who need it\n");
print(later);
process.exitCode = scripts.size === 0 || total > limitKB * 1000 ? 1 : 0;
