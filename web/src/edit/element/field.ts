import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { Element } from "../../element/base.ts";
import { shared } from "../../element/shared.css.ts";
import type { Editor } from "../editor.ts";
import { formStyles } from "../form.css.ts";
import { type FormField, type Option, rangeWords, read } from "../schema.ts";

/** Lists that are longer are searched. */
const longList = 12;
/** Texts that may be longer have several lines. */
const longText = 200;

/** One attribute of the form: the control that its type asks for, and what is wrong with it. */
class FieldRow extends Element {
  static override properties: PropertyDeclarations = {
    editor: { attribute: false },
    field: { attribute: false },
    sought: { state: true },
  };
  declare editor: Editor;
  declare field: FormField;
  declare sought: string;

  static override styles = [
    shared,
    formStyles,
    css`
      .sought {
        margin-bottom: 6px;
      }
      .three {
        display: flex;
        border: 1px solid var(--line-strong);
        border-radius: 10px;
        overflow: hidden;
        background: var(--field);
      }
      .three label {
        flex: 1 1 auto;
        display: flex;
        align-items: center;
        justify-content: center;
        min-height: 42px;
        margin: 0;
        padding: 0 8px;
        font-weight: 400;
        text-align: center;
        cursor: pointer;
      }
      .three label + label {
        border-left: 1px solid var(--line);
      }
      .three label:has(:checked) {
        background: var(--accent);
        color: var(--on-accent);
        font-weight: 600;
      }
      .three label:focus-within {
        outline: 3px solid var(--focus);
        outline-offset: -3px;
      }
      .three input {
        position: absolute;
        opacity: 0;
        pointer-events: none;
      }
      fieldset {
        margin: 0;
        padding: 0;
        border: 0;
        min-width: 0;
      }
      .changed::before {
        content: "";
        display: inline-block;
        width: 8px;
        height: 8px;
        margin-right: 6px;
        border-radius: 50%;
        background: var(--focus);
      }
    `,
  ];

  constructor() {
    super();
    this.sought = "";
  }

  get #value(): unknown {
    return this.editor.step.values[this.field.name] ?? null;
  }

  protected override render(): TemplateResult {
    const { field, editor } = this;
    const words = editor.words;
    const wrong = editor.faults[field.name];
    const changed = this.#value !== (editor.read.values[field.name] ?? null);
    const marks = [field.unit, field.required ? words.requiredMark : ""].filter(Boolean).join(", ");
    const title = html`<span class=${changed ? "changed" : ""}>${field.title}</span> ${marks ? html`<span class="mark">(${marks})</span>` : nothing}`;
    const range = rangeWords(field, this.language, words);
    const control = this.#control(wrong !== undefined);
    return html`
      <div class="field">
        ${
          field.type === "boolean" && !field.options
            ? html`<fieldset><legend class="label">${title}</legend>${control}</fieldset>`
            : html`<label for="value">${title}</label>${control}`
        }
        <div id="about">
          ${wrong ? html`<p class="wrong">${wrong}</p>` : nothing}
          ${field.note ? html`<p class="note">${field.note}</p>` : nothing}
          ${range ? html`<p class="note">${range[0]?.toUpperCase()}${range.slice(1)}${field.unit ? ` ${field.unit}` : ""}</p>` : nothing}
        </div>
      </div>
    `;
  }

  #control(wrong: boolean): TemplateResult {
    const { field } = this;
    if (field.options) return this.#codes(field.options, wrong);
    if (field.type === "boolean") return this.#three();
    if (field.type === "text" && (field.maxLength ?? longText + 1) > longText) return this.#long(wrong);
    const type = {
      text: "text",
      integer: "text",
      number: "text",
      date: "date",
      timestamp: "datetime-local",
      boolean: "",
    }[field.type];
    const shown = this.editor.unread.get(field.name) ?? this.#text();
    return html`
      <input
        id="value"
        type=${type}
        inputmode=${field.type === "integer" ? "numeric" : field.type === "number" ? "decimal" : nothing}
        maxlength=${field.maxLength ?? nothing}
        autocomplete="off"
        aria-describedby="about"
        aria-required=${field.required}
        aria-invalid=${wrong}
        step=${field.type === "timestamp" ? "1" : nothing}
        .value=${shown}
        @change=${(e: Event) => this.#wrote((e.target as HTMLInputElement).value)}
      />
    `;
  }

  #long(wrong: boolean): TemplateResult {
    const { field } = this;
    return html`
      <textarea
        id="value"
        rows="2"
        maxlength=${field.maxLength ?? nothing}
        aria-describedby="about"
        aria-required=${field.required}
        aria-invalid=${wrong}
        .value=${this.#text()}
        @change=${(e: Event) => this.#wrote((e.target as HTMLTextAreaElement).value)}
      ></textarea>
    `;
  }

  /** Codes as a list to choose from, with a search above where it is long. */
  #codes(options: Option[], wrong: boolean): TemplateResult {
    const { field, editor } = this;
    const value = this.#text();
    const sought = this.sought.trim().toLowerCase();
    const found = options.filter(
      (o) => !sought || o.code === value || `${o.code} ${o.title}`.toLowerCase().includes(sought),
    );
    const known = value === "" || options.some((o) => o.code === value);
    const show = (o: Option) =>
      o.title === o.code || !/^[A-Z0-9][A-Z0-9.-]*$/.test(o.code) ? o.title : `${o.code} · ${o.title}`;
    return html`
      ${
        options.length > longList
          ? html`<input
              class="sought"
              type="search"
              autocomplete="off"
              aria-label=${`${editor.words.searchCode}: ${field.title}`}
              placeholder=${editor.words.searchCode}
              .value=${this.sought}
              @input=${(e: Event) => {
                this.sought = (e.target as HTMLInputElement).value;
              }}
            />`
          : nothing
      }
      <select
        id="value"
        aria-describedby="about"
        aria-required=${field.required}
        aria-invalid=${wrong}
        @change=${(e: Event) => this.#wrote((e.target as HTMLSelectElement).value)}
      >
        <option value="" ?selected=${value === ""}>${field.required ? editor.words.choose : editor.words.notStated}</option>
        ${known ? nothing : html`<option value=${value} selected>${value}</option>`}
        ${found.map((o) => html`<option value=${o.code} .selected=${o.code === value}>${show(o)}</option>`)}
      </select>
    `;
  }

  #three(): TemplateResult {
    const { words } = this.editor;
    const choices = [
      ["true", words.yes],
      ["false", words.no],
      ["", words.notStated],
    ] as const;
    return html`
      <div class="three" role="radiogroup" aria-label=${this.field.title} aria-describedby="about">
        ${choices.map(
          ([value, title]) => html`
            <label>
              <input type="radio" name="value" .checked=${this.#text() === value} @change=${() => this.#wrote(value)} />
              ${title}
            </label>
          `,
        )}
      </div>
    `;
  }

  /** The value as the control has it. */
  #text(): string {
    const value = this.#value;
    if (value === null) return "";
    if (this.field.type === "timestamp") return local(String(value));
    const text = String(value);
    // Numbers as they are written here: with a comma in Indonesian.
    return this.field.type === "number" && this.language === "id" ? text.replace(".", ",") : text;
  }

  #wrote(text: string): void {
    const { field, editor } = this;
    const plain = field.type === "number" && this.language === "id" ? text.replace(",", ".") : text;
    const value = read(field, plain);
    if (value === undefined) {
      editor.unread.set(field.name, text);
      editor.faults = {
        ...editor.faults,
        [field.name]: field.type === "integer" ? editor.words.wholeNumber : editor.words.unreadable,
      };
      editor.tell();
      return;
    }
    editor.unread.delete(field.name);
    editor.setValue(field.name, value);
  }
}

/** A moment as a datetime-local control has it: in the reader's own time zone. */
function local(value: string): string {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return "";
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

customElements.define("simtaru-field", FieldRow);
