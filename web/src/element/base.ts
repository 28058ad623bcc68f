import { LitElement, type PropertyDeclarations } from "lit";
import type { Lang } from "../catalog.ts";
import type { Session } from "../session.ts";
import type { State } from "../state.ts";
import { type Words, words } from "../words.ts";

/** An element that shows the session's state and is drawn again when that changes. */
export abstract class Element extends LitElement {
  static override properties: PropertyDeclarations = { session: { attribute: false } };
  declare session: Session;
  #unsubscribe: (() => void) | undefined;

  protected get state(): Readonly<State> {
    return this.session.store.state;
  }

  protected get language(): Lang {
    return this.state.address.lang;
  }

  protected get words(): Words {
    return words[this.language];
  }

  protected override willUpdate(): void {
    this.#unsubscribe ??= this.session?.store.subscribe(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  protected override shouldUpdate(): boolean {
    return this.session !== undefined;
  }
}
