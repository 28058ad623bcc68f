import { css, html, nothing, svg, type TemplateResult } from "lit";

/** A bar from 0 to 100 percent, in a colour or the page's own; undefined: nobody knows. What it says stands beside it in words. */
export function bar(percent: number | undefined, colour?: string): TemplateResult {
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    ${
      percent === undefined
        ? svg`<rect class="unknown" x="0.5" y="0.5" width="99" height="7" vector-effect="non-scaling-stroke"></rect>`
        : svg`<rect class="ground" width="100" height="8"></rect>
            <rect class=${colour ? "share" : "share own"} width=${Math.min(Math.max(percent, 0), 100)} height="8" fill=${colour ?? nothing}></rect>`
    }
  </svg>`;
}

export const bars = css`
  .bar {
    display: block;
    width: 100%;
    height: 8px;
    margin-top: 3px;
  }
  .bar .ground {
    fill: var(--line-soft);
  }
  /* A light colour ends where one sees it. */
  .bar .share {
    stroke: var(--line-strong);
    vector-effect: non-scaling-stroke;
  }
  .bar .own {
    stroke: none;
    fill: var(--accent);
  }
  .bar .unknown {
    fill: none;
    stroke: var(--line-strong);
    stroke-dasharray: 3 3;
  }
`;
