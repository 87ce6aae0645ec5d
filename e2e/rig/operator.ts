/** The operator at a station's panel, without its page: the same requests, with answers parsed by the panel's schemas. */
import * as v from "valibot";
import { PanelAccess, PanelState, type PanelAction } from "../../shared/events/operator.ts";
import { until } from "./within.ts";

export interface Operator {
  access(): Promise<PanelAccess>;
  /** Choose the PIN, or come in with it. */
  enter(pin: string): Promise<PanelAccess>;
  /** Resolves with the status and what was said. */
  act(action: PanelAction): Promise<{ status: number; body: unknown }>;
  /** The panel's state as it is now. */
  state(): Promise<PanelState>;
  /** Resolves with the first state that is so; the panel is open all the while. */
  sees(what: string, isSo: (state: PanelState) => boolean, limitMs?: number): Promise<PanelState>;
}

/** @param station its address */
export function createOperatorHand(station: string): Operator {
  let cookie = "";
  const ask = (path: string, body?: unknown) =>
    fetch(new URL(path, station), {
      method: body === undefined ? "GET" : "POST",
      headers: { cookie, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      body: body === undefined ? null : JSON.stringify(body),
    });
  const sees: Operator["sees"] = async (what, isSo, limitMs) => {
    const stop = new AbortController();
    const response = await fetch(new URL("/operator/events", station), { headers: { cookie }, signal: stop.signal });
    if (!response.ok || response.body === null) throw new Error(`the panel answers ${response.status}`);
    let last: PanelState | undefined;
    const reading = (async () => {
      let text = "";
      for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        text += piece;
        for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
          const [, json] = /^data: (.*)$/m.exec(text.slice(0, end)) ?? [];
          text = text.slice(end + 2);
          if (json !== undefined) last = v.parse(PanelState, JSON.parse(json));
        }
      }
    })();
    reading.catch(() => {});
    try {
      return await until(what, async () => last !== undefined && isSo(last) && last, limitMs);
    } catch (cause) {
      throw new Error(`${what}; the panel's last state: ${JSON.stringify(last)}`, { cause });
    } finally {
      stop.abort();
    }
  };
  return {
    sees,
    state: () => sees("the panel's state", () => true),
    access: async () => v.parse(PanelAccess, await (await ask("/operator/access")).json()),
    async enter(pin) {
      const response = await ask("/operator/session", { pin });
      cookie = response.headers.getSetCookie()[0]?.split(";", 1)[0] ?? cookie;
      return v.parse(PanelAccess, await response.json());
    },
    async act(action) {
      const response = await ask("/operator/actions", action);
      const text = await response.text();
      return { status: response.status, body: text === "" ? null : JSON.parse(text) };
    },
  };
}
