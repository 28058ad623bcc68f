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
