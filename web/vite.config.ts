import { configDefaults, defineConfig } from "vitest/config";

// Where `npm run dev` finds the API: a running simtaru.
const api = process.env["SIMTARU_URL"] ?? "http://localhost:8080";
const paths = ["/api", "/ogc", "/tiles", "/styles", "/events", "/docs"];

export default defineConfig({
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
          // One browser, one server: the files run one after the other.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
