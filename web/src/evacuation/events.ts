// Hazards that are announced to everybody.

import type { Catalog, Lang, Layer, Text } from "../catalog.ts";
import { json, ownHost } from "../http.ts";

export interface HazardEvent {
  id: string;
  /** In words. */
  hazard: Text;
  level: Text;
  message: Text;
  on: boolean;
  /** ms since 1970; without one, it is not known. */
  starts: number;
  arrives?: number;
  ends?: number;
}

/** The layer whose features have a level of warning; undefined where nobody announces any. */
export function eventLayer(catalog: Catalog): Layer | undefined {
  return catalog.coded("event_level");
}

/** Whether a change of the layer may change where to run: what is known of disasters, and ways. */
export function concerns(catalog: Catalog, id: string): boolean {
  const layer = catalog.layer(id);
  return layer?.group === eventLayer(catalog)?.group || layer?.geometry === "MultiLineString";
}

/** More than these at a time nobody reads. */
const most = 20;

export async function readEvents(catalog: Catalog, lang: Lang): Promise<HazardEvent[]> {
  const layer = eventLayer(catalog);
  if (!layer) return [];
  const { features } = await json<{ features: { id: number; properties: Record<string, unknown> }[] }>(
    `${ownHost(layer.items)}?status=on&limit=${most}`,
    { lang },
  );
  const word = (name: string, code: unknown): Text => {
    const field = layer.fields.find((f) => f.name === name);
    return (field && catalog.code(field, String(code ?? ""))) ?? {};
  };
  const moment = (raw: unknown) => (typeof raw === "string" ? Date.parse(raw) : undefined);
  return features.map(({ id, properties: p }) => {
    const [arrives, ends] = [moment(p["arrival_at"]), moment(p["ends_at"])];
    return {
      id: String(id),
      hazard: word("hazard", p["hazard"]),
      level: word("level", p["level"]),
      message: { id: String(p["message_id"] ?? ""), en: String(p["message_en"] ?? "") },
      on: p["status"] === "on",
      starts: moment(p["starts_at"]) ?? 0,
      ...(arrives === undefined ? {} : { arrives }),
      ...(ends === undefined ? {} : { ends }),
    };
  });
}

/** Those that are on at a moment, in ms since 1970. */
export function onAt(events: HazardEvent[] | undefined, now: number): HazardEvent[] {
  return (events ?? []).filter((e) => e.on && e.starts <= now && (e.ends === undefined || now < e.ends));
}
