import { css } from "lit";

/** Labels, fields and messages, as dialogs and the edit form have them. */
export const formStyles = css`
  .field {
    margin: 0 0 14px;
  }
  label,
  .label {
    display: block;
    margin-bottom: 4px;
    font-size: 0.875rem;
    font-weight: 600;
    line-height: 1.35;
  }
  .mark {
    font-weight: 400;
    color: var(--muted);
  }
  input:not([type="checkbox"], [type="radio"], [type="range"]),
  select,
  textarea {
    width: 100%;
    min-height: 44px;
    padding: 8px 12px;
    border: 1px solid var(--line-strong);
    border-radius: 10px;
    background: var(--field);
    color: var(--ink);
    font: inherit;
    font-size: 1rem;
  }
  textarea {
    display: block;
    min-height: 72px;
    resize: vertical;
  }
  [aria-invalid="true"] {
    border-color: var(--warn);
    border-width: 2px;
  }
  .note {
    margin: 4px 0 0;
    font-size: 0.8125rem;
    line-height: 1.45;
    color: var(--muted);
  }
  .wrong {
    margin: 4px 0 0;
    font-size: 0.875rem;
    line-height: 1.45;
    font-weight: 600;
    color: var(--warn);
  }
  .message {
    margin: 0 0 12px;
    padding: 8px 12px;
    border-radius: 8px;
    border-left: 4px solid var(--accent);
    background: var(--hover);
    font-size: 0.875rem;
    line-height: 1.45;
  }
  .message.fault {
    border-left-color: var(--warn);
    background: var(--warn-soft);
  }
  .check {
    display: flex;
    align-items: center;
    gap: 10px;
    min-height: 44px;
    margin: 0;
    font-weight: 400;
    cursor: pointer;
  }
  .check input {
    flex: none;
    width: 20px;
    height: 20px;
    margin: 0;
    accent-color: var(--accent);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .danger {
    border-color: var(--warn);
    color: var(--warn);
  }
  .danger:hover:enabled {
    background: var(--warn);
    color: var(--paper);
  }
`;

/** A dialog over the page. */
export const dialogStyles = css`
  dialog {
    width: min(440px, calc(100vw - 24px));
    max-height: calc(100dvh - 24px);
    padding: 20px;
    border: 0;
    border-radius: 14px;
    background: var(--paper);
    color: var(--ink);
    box-shadow: var(--shadow);
    overflow: auto;
  }
  dialog.wide {
    width: min(760px, calc(100vw - 24px));
  }
  dialog::backdrop {
    background: rgb(20 40 40 / 45%);
  }
  h2 {
    margin: 0 0 8px;
    font-size: 1.125rem;
    letter-spacing: -0.01em;
    line-height: 1.3;
  }
  dialog p {
    line-height: 1.5;
  }
`;
