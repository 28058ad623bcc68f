import { css, html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { account, loggedOut, personName, type Account as Who } from "../account.ts";
import { dialogStyles, formStyles } from "../edit/form.css.ts";
import { type EditWords, editWords } from "../edit/words.ts";
import { HttpError } from "../http.ts";
import { Element } from "./base.ts";
import { shared } from "./shared.css.ts";

/** Logging in and out, and the password: a dialog over the page. */
class AccountDialog extends Element {
  static override properties: PropertyDeclarations = {
    busy: { state: true },
    wrong: { state: true },
    said: { state: true },
    changing: { state: true },
  };
  declare busy: boolean;
  declare wrong: string | undefined;
  declare said: string | undefined;
  declare changing: boolean;

  static override styles = [
    shared,
    formStyles,
    dialogStyles,
    css`
      .lead {
        margin: 0 0 16px;
        font-size: 0.875rem;
        color: var(--muted);
      }
      .or {
        margin: 12px 0;
        text-align: center;
        font-size: 0.875rem;
        color: var(--muted);
      }
      .wide-button {
        width: 100%;
      }
      a.quiet {
        display: flex;
        align-items: center;
        justify-content: center;
        text-decoration: none;
      }
      .row {
        margin-top: 16px;
      }
    `,
  ];

  constructor() {
    super();
    this.busy = false;
    this.changing = false;
  }

  get #words(): EditWords {
    return editWords[this.language];
  }

  protected override firstUpdated(): void {
    const { refused } = this.state;
    const { refusedLogin } = this.#words;
    if (refused) this.wrong = refusedLogin[refused] ?? refusedLogin["login-not-confirmed"];
    this.renderRoot.querySelector("dialog")?.showModal();
  }

  protected override render(): TemplateResult {
    const { dialog, account: who } = this.state;
    const person = dialog === "account" ? who?.person : undefined;
    return html`
      <dialog aria-labelledby="title" @close=${this.#close} @cancel=${this.#close}>
        ${person && who ? this.#account(who) : this.#login(who)}
      </dialog>
    `;
  }

  #login(who: Who | undefined): TemplateResult {
    const words = this.#words;
    return html`
      <h2 id="title">${words.loginTitle}</h2>
      <p class="lead">${this.state.editor ? words.loginAgain : words.loginWhy}</p>
      <form @submit=${this.#submit}>
        ${this.#field("name", words.name, "username", "text")}
        ${this.#field("password", words.password, "current-password", "password")}
        ${this.#messages()}
        <div class="row">
          <button class="solid" ?disabled=${this.busy}>${words.login}</button>
          <button class="quiet" type="button" @click=${this.#close}>${words.cancel}</button>
        </div>
      </form>
      ${
        who?.oidc
          ? html`<p class="or">${words.or}</p>
              <a class="quiet wide-button" href=${`${who.oidc.href}?next=${encodeURIComponent(location.pathname + location.search + location.hash)}`}>${who.oidc.title}</a>`
          : nothing
      }
    `;
  }

  #account(who: Who): TemplateResult {
    const words = this.#words;
    const { person } = who;
    return html`
      <h2 id="title">${person ? personName(person) : words.account}</h2>
      <p class="lead">${person?.name} · ${words.roles[person?.role ?? ""] ?? person?.role}</p>
      ${this.state.editor ? html`<p class="note">${words.logoutEdit}</p>` : nothing}
      ${
        this.changing
          ? html`<form @submit=${this.#change}>
              ${this.#field("old", words.oldPassword, "current-password", "password")}
              ${this.#field("new", words.newPassword, "new-password", "password")}
              ${this.#messages()}
              <div class="row">
                <button class="solid" ?disabled=${this.busy}>${words.changePassword}</button>
                <button class="quiet" type="button" @click=${() => this.#turn(false)}>${words.cancel}</button>
              </div>
            </form>`
          : html`${this.#messages()}
              <div class="row">
                <button class="solid" ?disabled=${this.busy} @click=${this.#logout}>${words.logout}</button>
                <button class="quiet" @click=${() => this.#turn(true)}>${words.changePassword}</button>
                <button class="quiet" @click=${this.#close}>${words.close}</button>
              </div>`
      }
    `;
  }

  #field(name: string, label: string, complete: string, type: string): TemplateResult {
    return html`
      <div class="field">
        <label for=${name}>${label}</label>
        <input id=${name} name=${name} type=${type} autocomplete=${complete as "username"} autocapitalize="none" spellcheck="false" required maxlength="200" aria-describedby="wrong" />
      </div>
    `;
  }

  #messages(): TemplateResult {
    return html`
      <div id="wrong" role="alert">${this.wrong ? html`<p class="message fault">${this.wrong}</p>` : nothing}</div>
      <div role="status">${this.said ? html`<p class="message">${this.said}</p>` : nothing}</div>
    `;
  }

  #turn(changing: boolean): void {
    this.changing = changing;
    this.wrong = undefined;
    this.said = undefined;
  }

  #close = (): void => {
    this.session.store.update({ dialog: undefined, refused: undefined });
  };

  #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    void this.#try(async () => {
      const who = await account.login(
        this.language,
        String(data.get("name")).trim(),
        String(data.get("password")),
      );
      await this.session.became(who);
    });
  };

  #change = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    void this.#try(async () => {
      const { csrf } = this.state.account ?? {};
      await account.password(this.language, csrf ?? null, String(data.get("old")), String(data.get("new")));
      // The server ends the sessions that the old password had opened, and may go on with another.
      this.session.store.update({ account: await account.read(this.language) });
      this.#turn(false);
      this.said = this.#words.passwordChanged;
    });
  };

  #logout = (): void => {
    void this.#try(async () => {
      try {
        await account.logout(this.language, this.state.account?.csrf ?? null);
      } catch (error) {
        // Then the session was over before.
        if (!loggedOut(error)) throw error;
      }
      await this.session.became(await account.read(this.language));
    });
  };

  async #try(act: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.wrong = undefined;
    this.said = undefined;
    try {
      await act();
    } catch (error) {
      this.wrong = this.#why(error);
    }
    this.busy = false;
  }

  #why(error: unknown): string {
    const words = this.#words;
    if (!(error instanceof HttpError)) return words.serverAway;
    if (error.status === 429) {
      const wait = error.retryAfter ?? 60;
      return words.tooManyLogins(wait < 100 ? words.seconds(wait) : words.minutes(Math.ceil(wait / 60)));
    }
    if (error.code === "wrong-login") return words.wrongLogin;
    return error.words;
  }
}

customElements.define("simtaru-account", AccountDialog);
