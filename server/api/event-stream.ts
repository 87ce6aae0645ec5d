/** A response as a stream of server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
import type { ServerResponse } from "node:http";
import type { Receiver } from "./tally-feed.ts";

/** Begin the stream; `headers` are those that every reply has. */
export function openEventStream(
  raw: ServerResponse,
  headers: Readonly<Record<string, number | string | string[] | undefined>>,
): Receiver {
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) raw.setHeader(name, value);
  raw.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    // nginx would hold events back until its buffer is full.
    "x-accel-buffering": "no",
  });
  raw.flushHeaders();
  return {
    write: (text) => void raw.write(text),
    // Not a length of our own: below Node's mark (64 KiB) a stream never tells that it drained.
    hasRoom: () => !raw.writableNeedDrain,
    end: () => void raw.end(),
    destroy: () => void raw.destroy(),
  };
}
