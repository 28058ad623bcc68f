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

export default defineConfig({
  plugins: [gzipped()],
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
