import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import { configDefaults, defineConfig } from "vitest/config";

// Where `npm run dev` finds the API: a running simtaru.
const api = process.env["SIMTARU_URL"] ?? "http://localhost:8080";
const paths = ["/api", "/osrm", "/ogc", "/tiles", "/styles", "/events", "/docs"];

/** Writes NAME.gz beside each text file, which the server sends as it is. */
function gzipped(): Plugin {
  return {
    name: "gzipped",
    apply: "build",
    closeBundle() {
      for (const name of readdirSync("dist", { recursive: true, encoding: "utf8" })) {
        if (!/\.(html|js|mjs|css|svg)$/.test(name)) continue;
        const small = gzipSync(readFileSync(`dist/${name}`), { level: 9 });
        writeFileSync(`dist/${name}.gz`, small);
      }
    },
  };
}

/** The parts of the program that work without a network, by where they begin. */
const offline = ["index.html", "src/evacuation/start.ts"];

/** Makes sw.js, which keeps these parts under the name of the build. */
function serviceWorker(): Plugin {
  return {
    name: "service-worker",
    apply: "build",
    enforce: "post",
    buildStart() {
      this.emitFile({ type: "chunk", id: "sw/sw.ts", fileName: "sw.js" });
    },
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        const files = new Set<string>();
        let script = "";
        const follow = (name: string) => {
          const chunk = bundle[name];
          if (chunk?.type !== "chunk" || files.has(name)) return;
          files.add(name);
          for (const other of chunk.imports) follow(other);
        };
        for (const [name, part] of Object.entries(bundle)) {
          if (part.type === "asset" && /\.(css|mjs|woff2)$/.test(name) && !name.includes("latin-ext"))
            files.add(name);
          const begins =
            part.type === "chunk" && offline.find((id) => part.facadeModuleId?.endsWith(`/${id}`));
          if (begins) follow(name);
          if (begins === "index.html") script = `/${name}`;
        }
        const page = bundle["index.html"];
        const worker = bundle["sw.js"];
        if (page?.type !== "asset" || worker?.type !== "chunk" || !script) this.error("no page to keep");
        const list = ["/", "/icon.svg", ...[...files].sort().map((name) => `/${name}`)];
        const build = createHash("sha256")
          .update(String(page.source))
          .update(list.join())
          .digest("hex")
          .slice(0, 12);
        worker.code = worker.code
          .replaceAll("__BUILD__", JSON.stringify(build))
          .replaceAll("__FILES__", JSON.stringify(list))
          .replaceAll("__SCRIPT__", JSON.stringify(script));
      },
    },
  };
}

export default defineConfig({
  plugins: [serviceWorker(), gzipped()],
  build: {
    target: "es2022",
    // Nothing is inlined as data: the policy of the pages is default-src 'self'.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
  },
  server: {
    proxy: Object.fromEntries(paths.map((p) => [p, { target: api, changeOrigin: false }])),
  },
  test: {
    projects: [
      {
        extends: true,
        test: { name: "unit", include: ["test/**/*.test.ts"], exclude: configDefaults.exclude },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["e2e/**/*.spec.ts"],
          // A server and a browser are used by one file at a time.
          maxWorkers: process.env["SIMTARU_URL_2"] ? 2 : 1,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
