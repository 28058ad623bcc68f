import { css, html, type TemplateResult } from "lit";

/** The head of a panel: its title, and the button that closes it. */
export function head(title: unknown, close: string, onClose: () => void): TemplateResult {
  return html`
    <div class="head">
      <h2>${title}</h2>
      <button class="close" aria-label=${close} title=${close} @click=${onClose}>
        <svg viewBox="0 0 18 18" width="18" height="18" aria-hidden="true"><path d="M4 4l10 10M14 4L4 14" stroke="currentColor" stroke-width="2" stroke-linecap="round"></path></svg>
      </button>
    </div>
  `;
}

export const heads = css`
  .head {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 44px;
  }
  .head h2 {
    flex: 1;
    margin: 0;
    font-size: 0.875rem;
    font-weight: 600;
    color: var(--muted);
    overflow-wrap: anywhere;
  }
  .close {
    flex: none;
    width: 44px;
    height: 44px;
    margin-right: -12px;
    border-radius: 8px;
    color: var(--muted);
  }
  .close:hover {
    background: var(--hover);
  }
  @media print {
    .close {
      display: none;
    }
  }
`;
