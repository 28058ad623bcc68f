import "./page.css";
import { App } from "./element/app.ts";
import { keepShell } from "./offline/shell.ts";
import { Session } from "./session.ts";

const session = new Session();
const app = document.querySelector("simtaru-app");
if (app instanceof App) {
  app.session = session;
  void session.start();
  void keepShell(session.store);
}
