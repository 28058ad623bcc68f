import { html, type TemplateResult } from "lit";
import type { Words } from "../words.ts";

export interface Row {
  /** Of what, and a mark to find it by. */
  name: unknown;
  key?: string | undefined;
  before: string;
  after: string;
  difference: string;
}

/** A table of what is before and after, and the difference; its style is `tables`. */
export function differences(label: string, head: string, rows: Row[], words: Words): TemplateResult {
  return html`
    <div class="scroll" tabindex="0" role="group" aria-label=${label}>
      <table>
        <thead>
          <tr>
            <th scope="col">${head}</th>
            <th scope="col" class="number">${words.before}</th>
            <th scope="col" class="number">${words.after}</th>
            <th scope="col" class="number">${words.difference}</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) => html`<tr data-key=${row.key ?? ""}>
              <th scope="row">${row.name}</th>
              <td class="number">${row.before}</td>
              <td class="number">${row.after}</td>
              <td class="number">${row.difference}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  `;
}
