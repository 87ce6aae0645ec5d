/** The screen's event stream, heard with as little work as can be, as it shares the machine with what is measured. */
import { get, type IncomingMessage } from "node:http";
import * as v from "valibot";

export interface Heard {
  outcome(id: string, kind: string): void;
  /** @param total votes in all options together */
  tally(total: number): void;
}

const Change = v.object({
  outcome: v.optional(v.object({ id: v.string(), kind: v.string() })),
  tally: v.optional(v.nullable(v.object({ counts: v.array(v.number()) }))),
});

/** Listen to a station; returns the way to stop. */
export async function listen(url: string, heard: Heard): Promise<() => void> {
  const request = get(new URL("/events", url));
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request.once("response", resolve).once("error", reject);
  const response = await promise;
  let rest = "";
  response.setEncoding("utf8").on("data", (text: string) => {
    const messages = (rest + text).split("\n\n");
    rest = messages.pop() ?? "";
    for (const message of messages) take(message, heard);
  });
  // We end it ourselves.
  response.on("error", () => undefined);
  if (response.statusCode !== 200) throw new Error(`no event stream at ${url}: ${response.statusCode}`);
  return () => void request.destroy();
}

function take(message: string, heard: Heard): void {
  const at = message.indexOf("data: ");
  if (at < 0) return;
  const { outcome, tally } = v.parse(Change, JSON.parse(message.slice(at + 6)));
  if (outcome !== undefined) heard.outcome(outcome.id, outcome.kind);
  if (tally !== undefined && tally !== null) heard.tally(tally.counts.reduce((sum, count) => sum + count, 0));
}
