// A small OpenID provider (OpenID Connect Core 1.0): discovery, a page to log
// in, authorization code with PKCE, and ID tokens signed with a key that it
// publishes. It believes whoever says an address.
//
// The server under test and this one read the same variables:
// SIMTARU_OIDC_ISSUER (an address here), SIMTARU_OIDC_CLIENT_ID and
// SIMTARU_OIDC_CLIENT_SECRET.

import { createHash, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { text } from "node:stream/consumers";

const env = (name: string) => process.env[`SIMTARU_OIDC_${name}`] ?? "";
export const issuer = env("ISSUER");
const [client, secret] = [env("CLIENT_ID"), env("CLIENT_SECRET")];

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = { ...publicKey.export({ format: "jwk" }), kid: "1", alg: "RS256", use: "sig" };

/** What was asked for, and by whom, by code. */
const codes = new Map<string, { asked: URLSearchParams; email: string }>();

/** What goes wrong on purpose. */
export const trouble = { failing: false };

type Answer = { status?: number; type?: string; to?: string; body?: unknown };

const routes: Record<string, (query: URLSearchParams, request: IncomingMessage) => Answer | Promise<Answer>> =
  {
    "GET /.well-known/openid-configuration": () => ({
      body: {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        response_types_supported: ["code"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
      },
    }),
    "GET /favicon.ico": () => ({ status: 204 }),
    "GET /keys": () => ({ body: { keys: [key] } }),
    "GET /authorize": (query) =>
      query.get("client_id") === client && query.get("code_challenge_method") === "S256"
        ? { type: "text/html", body: page(query) }
        : { status: 400 },
    "GET /login": (query) => {
      const code = randomUUID();
      codes.set(code, { asked: query, email: query.get("email") ?? "" });
      const back = new URL(query.get("redirect_uri") ?? "");
      back.search = `${new URLSearchParams({ code, state: query.get("state") ?? "" })}`;
      return { status: 303, to: back.href };
    },
    "POST /token": async (_, request) => {
      if (trouble.failing) return { status: 503 };
      const sent = new URLSearchParams(await text(request));
      const basic = Buffer.from((request.headers.authorization ?? "").replace("Basic ", ""), "base64");
      // RFC 6749, 2.3.1: encoded as in a form.
      const [id, password] = `${basic}`.split(":").map(decodeURIComponent);
      const code = sent.get("code") ?? "";
      const { asked, email } = codes.get(code) ?? {};
      codes.delete(code);
      const challenge = createHash("sha256")
        .update(sent.get("code_verifier") ?? "")
        .digest("base64url");
      if (id !== client || password !== secret) return { status: 401, body: { error: "invalid_client" } };
      if (!asked || asked.get("code_challenge") !== challenge)
        return { status: 400, body: { error: "invalid_grant" } };
      const now = Math.floor(Date.now() / 1000);
      const claims = { iss: issuer, aud: client, sub: `sub-${email}`, iat: now, exp: now + 3600 };
      const idToken = signed({ ...claims, nonce: asked.get("nonce"), email, email_verified: true });
      return { body: { access_token: randomUUID(), token_type: "Bearer", id_token: idToken } };
    },
  };

/** Asks who it is, and goes on with all that was asked for. */
function page(query: URLSearchParams): string {
  const quoted = (s: string) => s.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
  const kept = [...query].map(([n, v]) => `<input type="hidden" name="${quoted(n)}" value="${quoted(v)}">`);
  return `<!doctype html><title>Akun</title><form action="/login">${kept.join("")}
    <label>Surel <input name="email"></label><button>Lanjut</button></form>`;
}

function signed(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const what = `${part({ alg: "RS256", kid: key.kid })}.${part(claims)}`;
  return `${what}.${sign("sha256", Buffer.from(what), privateKey).toString("base64url")}`;
}

/** Begins to listen at the issuer's address. */
export async function provide(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", issuer);
    const route = routes[`${request.method} ${pathname}`];
    const answer = (await route?.(searchParams, request)) ?? { status: 404 };
    const { status = 200, type = "application/json", to, body } = answer;
    response.writeHead(status, { "content-type": type, ...(to ? { location: to } : {}) });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  const { hostname, port } = new URL(issuer);
  await new Promise<void>((listening) => server.listen(Number(port), hostname, listening));
  return server;
}
