// The edit API, as far as this map uses it.

import { token } from "../account.ts";
import { type Item, itemPath } from "../api.ts";
import type { Box, FeatureRef, Lang, Layer } from "../catalog.ts";
import { ask, json } from "../http.ts";
import type { EditBody, MergePatch, Values } from "./patch.ts";
import type { Schema } from "./schema.ts";

/** Who sends, and in which language faults are to be told. */
export interface Sender {
  lang: Lang;
  csrf: string | null | undefined;
}

export interface Done {
  layer: string;
  id: number | string;
  revision: number;
  op: string;
}

export interface VersionAnswer {
  revision: number;
  operation: "create" | "update" | "delete";
  actor?: string;
  from: string;
  until?: string | null;
  changed?: Record<string, { before?: unknown; after?: unknown }>;
  geometryChanged?: boolean;
  geometry?: Item["geometry"];
}

/** So many features a page, and so many pages: more around nobody can mean. */
const pageOf = 1000;
const mostPages = 8;

interface Page {
  features: Item[];
  links?: { rel: string; href: string }[];
}

function collection(layer: Layer): string {
  return layer.items.replace(/\/items$/, "");
}

export const write = {
  schema: (layer: Layer, lang: Lang): Promise<Schema> =>
    ask(`${collection(layer)}/schema`, {
      lang,
      headers: { accept: "application/schema+json, application/json" },
    }).then((r) => r.json() as Promise<Schema>),

  /** The features that touch the box, in full precision, and whether these are all. */
  async around(
    layer: Layer,
    box: Box,
    lang: Lang,
    signal?: AbortSignal,
  ): Promise<{ items: Item[]; all: boolean }> {
    const items: Item[] = [];
    let next: string | undefined = `${layer.items}?bbox=${box.join()}&limit=${pageOf}`;
    for (let page = 0; next && page < mostPages; page++) {
      const answer: Page = await json<Page>(next, { lang, signal });
      items.push(...answer.features);
      next = answer.links?.find((l) => l.rel === "next")?.href;
    }
    return { items, all: next === undefined };
  },

  /** Changes a feature that is still as it was read. */
  async patch(layer: Layer, ref: FeatureRef, read: string, patch: MergePatch, by: Sender): Promise<void> {
    await ask(itemPath(layer, ref), {
      lang: by.lang,
      method: "PATCH",
      headers: { ...token(by.csrf), "content-type": "application/merge-patch+json", "if-match": read },
      body: patch,
    });
  },

  /** Makes a feature, once however often it is sent under the same key; its id. */
  async create(
    layer: Layer,
    properties: Values,
    geometry: Item["geometry"],
    key: string,
    by: Sender,
  ): Promise<string> {
    const response = await ask(layer.items, {
      lang: by.lang,
      method: "POST",
      headers: { ...token(by.csrf), "content-type": "application/geo+json", "idempotency-key": key },
      body: { type: "Feature", geometry, properties },
    });
    return /\/(\d+)$/.exec(response.headers.get("location") ?? "")?.[1] ?? "";
  },

  /** All or nothing, and once however often it is sent under the same key. */
  async edits(edits: EditBody[], key: string, by: Sender): Promise<Done[]> {
    const answer = await json<{ edits: Done[] }>("/api/v1/edits", {
      lang: by.lang,
      method: "POST",
      headers: { ...token(by.csrf), "idempotency-key": key },
      body: { edits },
    });
    return answer.edits;
  },

  async remove(layer: Layer, ref: FeatureRef, read: string, by: Sender): Promise<void> {
    await ask(itemPath(layer, ref), {
      lang: by.lang,
      method: "DELETE",
      headers: { ...token(by.csrf), "if-match": read },
    });
  },

  async history(
    layer: Layer,
    ref: FeatureRef,
    lang: Lang,
    before?: number,
  ): Promise<{ versions: VersionAnswer[]; more: boolean }> {
    const query = new URLSearchParams({
      geometry: "true",
      limit: "100",
      ...(before ? { before: String(before) } : {}),
    });
    const answer = await json<{ versions: VersionAnswer[]; links?: { rel: string }[] }>(
      `${itemPath(layer, ref)}/history?${query}`,
      { lang },
    );
    return { versions: answer.versions, more: answer.links?.some((l) => l.rel === "next") ?? false };
  },

  async revert(layer: Layer, ref: FeatureRef, revision: number, by: Sender): Promise<void> {
    await ask(`${itemPath(layer, ref)}/revert`, {
      lang: by.lang,
      method: "POST",
      headers: token(by.csrf),
      body: { revision },
    });
  },
};
