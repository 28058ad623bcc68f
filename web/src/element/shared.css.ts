import { css } from "lit";

/** What all elements share: focus, buttons, text for screen readers only. */
export const shared = css`
  :host {
    box-sizing: border-box;
  }
  *,
  *::before,
  *::after {
    box-sizing: inherit;
  }
  :focus-visible {
    outline: 3px solid var(--focus);
    outline-offset: 2px;
    border-radius: 4px;
  }
  button {
    font: inherit;
    color: inherit;
    background: none;
    border: 0;
    padding: 0;
    cursor: pointer;
  }
  a {
    color: var(--accent);
  }
  .solid,
  .quiet {
    min-height: 44px;
    padding: 0 16px;
    border-radius: 10px;
    font-size: 0.9375rem;
    font-weight: 600;
  }
  .solid {
    background: var(--accent);
    color: var(--on-accent);
  }
  .quiet {
    border: 1px solid var(--line-strong);
    color: var(--accent);
  }
  .quiet:hover {
    background: var(--hover);
  }
  .solid:disabled,
  .quiet:disabled {
    opacity: 0.5;
    cursor: default;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      transition: none !important;
      animation: none !important;
    }
  }
`;

/** What is folded away: its title, with the mark of the browser's own. */
export const folds = css`
  /* What is inside details would inherit from the browser's own slot. */
  details > * {
    box-sizing: border-box;
  }
  summary {
    min-height: 44px;
    padding: 11px 0;
    line-height: 22px;
    color: var(--accent);
    font-weight: 600;
    overflow-wrap: anywhere;
    cursor: pointer;
  }
`;

/** Tables of figures; what is wider than its place scrolls in .scroll. */
export const tables = css`
  .scroll {
    overflow-x: auto;
    margin: 0 0 12px;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 0.9375rem;
    line-height: 1.4;
  }
  caption {
    padding: 0 0 8px;
    text-align: left;
    font-weight: 600;
  }
  th,
  td {
    padding: 8px 12px 8px 0;
    border-bottom: 1px solid var(--line-soft);
    text-align: left;
    vertical-align: top;
    font-weight: 400;
  }
  thead th {
    border-bottom-color: var(--line-strong);
    font-size: 0.8125rem;
    font-weight: 600;
    color: var(--muted);
  }
  tfoot th,
  tfoot td {
    border-top: 1px solid var(--line-strong);
    font-weight: 600;
  }
  th.number,
  td.number {
    text-align: right;
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
  }
  tr > :last-child {
    padding-right: 0;
  }
`;
