/** Does the address answer as our server does? Whatever the network says of itself, this is the truth. */
import { request as askPlain } from "node:http";
import { request as askEncrypted } from "node:https";
import * as v from "valibot";
import { ServerHealth } from "../../shared/api/health.ts";
import type { PanelState } from "../../shared/events/operator.ts";

export type Probed = PanelState["server"]["probe"];

/** Longer than a person waits for a page; a server that is there answers in a hundredth of it. */
const ANSWER_MS = 4_000;
/** The health page has some hundred bytes; who sends more is somebody else. */
const MAX_BODY_BYTES = 16_384;
const PATH = "/healthz";

/** What tells ours from a station's, or anybody's: newer servers may say more. */
const Answer = v.looseObject({
  status: ServerHealth.entries.status,
  cursor: ServerHealth.entries.cursor,
  stations: v.number(),
});

/**
 * Ask once. Never rejects. A certificate is not judged, as on the link: whose server it is, its key tells there.
 * @param address `http://…` or `https://…`, no path
 */
export function probeServer(address: string, signal: AbortSignal): Promise<Exclude<Probed, "unknown">> {
  return new Promise((resolve) => {
    const url = new URL(PATH, address);
    const late = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]);
    const options = { signal: late, agent: false, headers: { accept: "application/json" } } as const;
    const asked =
      url.protocol === "https:" ? askEncrypted(url, { ...options, rejectUnauthorized: false }) : askPlain(url, options);
    asked.on("response", (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => {
        body += text;
        if (body.length > MAX_BODY_BYTES) {
          resolve("other");
          asked.destroy();
        }
      });
      response.on("end", () => resolve(isOurs(body) ? "answers" : "other"));
      response.on("error", () => resolve("silent"));
    });
    // Something listens there and speaks another language.
    asked.on("error", (error) => resolve(isForeign(error) ? "other" : "silent"));
    asked.end();
  });
}

function isOurs(body: string): boolean {
  try {
    return v.is(Answer, JSON.parse(body));
  } catch {
    return false;
  }
}

function isForeign(error: Error): boolean {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return code.startsWith("HPE_") || code.startsWith("ERR_SSL_") || code === "EPROTO";
}
