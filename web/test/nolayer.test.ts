import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const declarations = fileURLToPath(new URL("../../internal/catalog/layers", import.meta.url));
const source = fileURLToPath(new URL("../src", import.meta.url));

function layerIds(): string[] {
  return readdirSync(declarations)
    .filter((name) => name.endsWith(".yaml"))
    .flatMap(
      (name) => /^id:\s*([a-z0-9_]+)/m.exec(readFileSync(`${declarations}/${name}`, "utf8"))?.[1] ?? [],
    );
}

function sources(): string[] {
  return readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
}

/** An id as a whole string, a step of a path, a property, or a key: not as a word of a sentence. */
function names(id: string): RegExp {
  return new RegExp(`["'\`/,]${id}["'\`/,]|^\\s*${id}\\??:|\\.${id}\\b`, "m");
}

// A layer is known by its declaration alone.
test.skipIf(!existsSync(declarations))("no program text names a layer", () => {
  const ids = layerIds();
  expect(ids.length).toBeGreaterThan(10);
  const named = sources().flatMap((name) => {
    // An address of the service's own may share a word with a layer.
    const text = readFileSync(`${source}/${name}`, "utf8").replaceAll(/\/api\/v1\/[a-z/]*/g, "");
    return ids.filter((id) => names(id).test(text)).map((id) => `${name}: ${id}`);
  });
  expect(named).toEqual([]);
});

test("the search finds a layer however it is written", () => {
  for (const text of ['show("road")', "fetch(`/tiles/road/1`)", "  road: true,", "shown.road = 1"]) {
    expect(names("road").test(text), text).toBe(true);
  }
  expect(names("place").test('"Find a gampong or a place"')).toBe(false);
});
