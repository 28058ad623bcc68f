// Small drawings that go with figures. Each is beside words that say the same.

import { html, nothing, svg, type TemplateResult } from "lit";
import type { Definition, Status } from "../answer.ts";
import type { IndicatorWords } from "../words.ts";

const shapes: Record<Status, TemplateResult | typeof nothing> = {
  met: svg`<circle cx="8" cy="8" r="7" fill="currentColor"></circle><path d="M4.5 8.2l2.4 2.4 4.6-5" fill="none" stroke="#ffffff" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"></path>`,
  near: svg`<path d="M8 1.2l7 13H1z" fill="currentColor" stroke="currentColor" stroke-linejoin="round"></path><path d="M8 6v3.4M8 11.9v.2" stroke="#ffffff" stroke-width="1.8" stroke-linecap="round"></path>`,
  missed: svg`<rect x="1.5" y="1.5" width="13" height="13" rx="3" fill="currentColor"></rect><path d="M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6" stroke="#ffffff" stroke-width="1.8" stroke-linecap="round"></path>`,
  none: nothing,
};

/** The status by colour, by shape, and by word. */
export function badge(status: Status, words: IndicatorWords): unknown {
  if (status === "none") return nothing;
  return html`<p class="status ${status}"><svg viewBox="0 0 16 16" aria-hidden="true">${shapes[status]}</svg>${words.status[status]}</p>`;
}

/** How far the value is on the way to the target: the words beside it say it in figures. */
export function gauge({ target }: Pick<Definition, "target">, value: number | null, status: Status): unknown {
  if (!target || value === null) return nothing;
  const end = Math.max(target.value * 1.25, value) || 1;
  const at = (v: number) => Math.min(Math.max((v / end) * 200, 0), 200);
  return html`<svg class="gauge ${status}" viewBox="0 0 200 12" preserveAspectRatio="none" aria-hidden="true">
    <rect x="0" y="3" width="200" height="6" rx="3" fill="var(--line)"></rect>
    <rect x="0" y="3" width=${at(value)} height="6" rx="3" fill="currentColor"></rect>
    <rect x=${at(target.value) - 1} y="0" width="2" height="12" fill="var(--ink)"></rect>
  </svg>`;
}

/** A bar of a share of the widest, for lists of figures. */
export function bar(share: number, colour = "var(--accent)"): TemplateResult {
  const width = Number.isFinite(share) ? Math.min(Math.max(share, 0), 1) * 100 : 0;
  return html`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
    <rect width="100" height="10" fill="var(--line-soft)"></rect>
    <rect width=${width} height="10" fill=${colour}></rect>
  </svg>`;
}

export function arrow(direction: "up" | "down" | "same"): TemplateResult {
  const path = { up: "M8 13V3M4 7l4-4 4 4", down: "M8 3v10M4 9l4 4 4-4", same: "M3 8h10" }[direction];
  return html`<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d=${path} fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"></path></svg>`;
}
