// What the plan rules, as its details are told: activities by answer, how much
// may be built, and where that stands in the law.

import { css, html, nothing, type TemplateResult } from "lit";
import type { Intensity, Provision, Verdicts } from "../api.ts";
import { type Lang, say } from "../catalog.ts";
import { number } from "../format.ts";
import { words } from "../words.ts";
import { folds } from "./shared.css.ts";

export const ruleStyles = css`
  ${folds}
  details {
    border-top: 1px solid var(--line-soft);
  }
  details ul {
    list-style: none;
    margin: 0 0 10px;
    padding: 0;
  }
  details li {
    padding: 4px 0;
    overflow-wrap: anywhere;
    line-height: 1.4;
    font-size: 0.9375rem;
  }
  details h3,
  details h4 {
    margin: 8px 0 2px;
    font-size: 0.875rem;
  }
  details .row {
    display: grid;
    grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
    gap: 12px;
  }
  .row span:first-child {
    color: var(--muted);
    font-size: 0.875rem;
  }
  .small,
  small {
    font-size: 0.8125rem;
    color: var(--muted);
  }
  small {
    display: block;
  }
`;

export function fold(title: string, body: unknown): TemplateResult {
  return html`<details><summary>${title}</summary>${body}</details>`;
}

export function activities(groups: Verdicts, lang: Lang): TemplateResult {
  return html`${groups.map(
    (group) => html`
      <h3>${say(group.title, lang)}</h3>
      <ul>
        ${group.activities.map(
          (one) => html`<li>${say(one.title, lang)}
            ${one.conditions?.map((c) => html`<small>${c.code}: ${say(c.text, lang)}</small>`)}
          </li>`,
        )}
      </ul>
    `,
  )}`;
}

/** The rules that hold, or those to choose from; with what each makes of the plot, where that is known. */
export function intensity(rules: Intensity[], lang: Lang): TemplateResult {
  return html`${rules.map((rule) => one(rule, lang))}`;
}

function one(rule: Intensity, lang: Lang): TemplateResult {
  const say = words[lang];
  const n = (value: number) => number(value, lang, 2, true);
  const where = [
    rule.blocks && say.blockOf(rule.blocks.join(", ")),
    rule.roads && say.roadOf(rule.roads.join(", ")),
    (rule.plotFrom || rule.plotTo) && say.plotOf(n(rule.plotFrom ?? 0), rule.plotTo ? n(rule.plotTo) : ""),
  ].filter(Boolean);
  const made = rule.figures ?? {};
  const told = (value: number | undefined, text: (n: string) => string, plot?: number) =>
    value === undefined ? undefined : [text(n(value)), plot === undefined ? "" : `${n(plot)} m²`];
  const percent = (text: string) => `${text}%`;
  const metres = (text: string) => `${text} m`;
  const rows: [string, string[] | undefined][] = [
    [say.figure.kdb, told(rule.kdb, percent, made.footprint)],
    [say.figure.klb, told(rule.klb, say.times, made.floorArea)],
    [say.figure.kdh, told(rule.kdh, percent, made.green)],
    [say.figure.ktb, told(rule.ktb, percent, made.basement)],
    [say.figure.height, told(rule.height, metres)],
    [say.figure.floors, told(rule.floors, (text) => text)],
    [say.figure.setback, rule.setback && [setbacks(rule.setback, n)]],
  ];
  return html`
    ${where.length ? html`<h3>${where.join(", ")}</h3>` : nothing}
    <ul>${rows.map(([title, text]) =>
      text
        ? html`<li class="row"><span>${title}</span><span>${text[0]}${text[1] ? html`<small>${text[1]}</small>` : nothing}</span></li>`
        : nothing,
    )}</ul>
  `;
}

function setbacks(setback: Record<string, number>, n: (value: number) => string): string {
  return Object.entries(setback)
    .map(([road, m]) => `${road} ${n(m)} m`)
    .join(", ");
}

/** Each provision once, whichever zones it rules. */
export function law(references: Provision[], lang: Lang): TemplateResult {
  const all = new Map(references.map((r) => [`${r.document} ${r.article}`, r]));
  return html`<ul>${[...all.values()].map((r) => {
    const name = [r.document, r.article].filter(Boolean).join(", ");
    return html`<li>${r.link ? html`<a href=${r.link} rel="noreferrer">${name}</a>` : name}<small>${say(r.about, lang)}</small></li>`;
  })}</ul>`;
}
