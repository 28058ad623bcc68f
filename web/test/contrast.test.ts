import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync(new URL("../src/page.css", import.meta.url), "utf8");

function token(name: string): string {
  const hex = new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(css)?.[1];
  if (!hex) throw new Error(`no token ${name}`);
  return hex;
}

/** Relative luminance after WCAG 2.2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => {
    const c = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(token(a)), luminance(token(b))].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

// WCAG 2.2 AA: 4.5 for text (1.4.3), 3 for parts of controls and focus (1.4.11).
test.each([
  ["ink", "paper", 4.5],
  ["ink", "warn-soft", 4.5],
  ["ink", "hover", 4.5],
  ["ink", "field", 4.5],
  ["muted", "paper", 4.5],
  ["muted", "field", 4.5],
  ["muted", "hover", 4.5],
  ["accent", "paper", 4.5],
  ["on-accent", "accent", 4.5],
  ["on-notice", "notice", 4.5],
  ["warn", "paper", 4.5],
  ["accent", "hover", 4.5],
  ["met", "field", 4.5],
  ["met", "hover", 4.5],
  ["near", "field", 4.5],
  ["near", "hover", 4.5],
  ["missed", "field", 4.5],
  ["missed", "hover", 4.5],
  ["focus", "paper", 3],
  ["line-strong", "field", 3],
  ["switch-off", "paper", 3],
])("%s on %s has a contrast of %d", (a, b, least) => {
  expect(contrast(a, b)).toBeGreaterThanOrEqual(least);
});
