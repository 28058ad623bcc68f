import { css, type PropertyDeclarations } from "lit";
import { formStyles } from "../../edit/form.css.ts";
import { bars } from "../../element/bar.ts";
import { Element } from "../../element/base.ts";
import { shared, tables } from "../../element/shared.css.ts";
import { number } from "../../format.ts";
import type { Fault } from "../desk.ts";
import type { Officer } from "../officer.ts";
import { type OfficerWords, officerWords } from "../words.ts";

/** A part of the officer's desk. */
export abstract class Part extends Element {
  static override properties: PropertyDeclarations = {
    ...Element.properties,
    officer: { attribute: false },
  };
  declare officer: Officer;

  protected get say(): OfficerWords {
    return officerWords[this.language];
  }

  protected n(value: number): string {
    return number(value, this.language, 0, true);
  }

  /** Why something was not done. */
  protected why(fault: Fault): string {
    return fault.words ?? this.say.away;
  }
}

export const deskStyles = [
  shared,
  formStyles,
  bars,
  tables,
  css`
    :host {
      display: block;
      line-height: 1.45;
    }
    p {
      margin: 0 0 10px;
      overflow-wrap: anywhere;
    }
    h3 {
      margin: 16px 0 6px;
      font-size: 1rem;
      line-height: 1.3;
      overflow-wrap: anywhere;
    }
    h4 {
      margin: 0;
      font-size: 1rem;
      line-height: 1.3;
      overflow-wrap: anywhere;
    }
    ul {
      margin: 0 0 10px;
      padding: 0;
      list-style: none;
    }
    li.one {
      padding: 12px 0;
      border-top: 1px solid var(--line);
    }
    .small {
      font-size: 0.875rem;
      color: var(--muted);
    }
    .main {
      width: 100%;
      min-height: 56px;
      margin: 4px 0 10px;
      border-radius: 12px;
      background: #a3161f;
      color: #ffffff;
      font-size: 1.0625rem;
      font-weight: 700;
    }
    .row {
      align-items: center;
      margin: 8px 0 0;
    }
    .row .solid,
    .row .quiet {
      min-height: 48px;
    }
    .grow {
      flex: 1;
    }
    .message {
      font-size: 0.9375rem;
    }
    .message.fault {
      color: var(--ink);
    }
  `,
];
