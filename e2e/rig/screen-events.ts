/** What a station's screen is told, heard without a screen: every event of `GET /events`, parsed. */
import { EventEmitter } from "node:events";
import * as v from "valibot";
import { ScreenEvent, type Outcome } from "../../shared/events/stream.ts";

export interface ScreenEars {
  /** Every event so far, over all connections. */
  readonly heard: readonly ScreenEvent[];
  /** Called with each event; returns the way to stop. */
  on(listener: (event: ScreenEvent) => void): () => void;
  onOutcome(listener: (outcome: Outcome) => void): () => void;
  close(): void;
}

/** A station that is down is tried again; it comes back on the same port. */
const RETRY_MS = 50;

/** Listen to the station at `url` until `close`, over any number of restarts. */
export function listenToScreen(url: string): ScreenEars {
  const heard: ScreenEvent[] = [];
  const emitter = new EventEmitter();
  const stop = new AbortController();
  const hear = async () => {
    const reply = await fetch(new URL("/events", url), { signal: stop.signal });
    if (reply.body === null) throw new Error(`no event stream at ${url}: ${reply.status}`);
    let rest = "";
    for await (const chunk of reply.body.pipeThrough(new TextDecoderStream())) {
      const messages = (rest + chunk).split("\n\n");
      rest = messages.pop() ?? "";
      for (const message of messages) {
        const data = /^data: (.*)$/m.exec(message)?.[1];
        if (data === undefined) continue;
        const event = v.parse(ScreenEvent, JSON.parse(data));
        heard.push(event);
        emitter.emit("event", event);
      }
    }
  };
  const hearForEver = async () => {
    while (!stop.signal.aborted) {
      await hear().catch((error: unknown) => {
        // A parse error is a broken promise of the station; a broken connection is what these tests make.
        if (error instanceof v.ValiError) throw error;
      });
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  };
  void hearForEver();
  const on = (listener: (event: ScreenEvent) => void) => {
    emitter.on("event", listener);
    return () => void emitter.off("event", listener);
  };
  return {
    heard,
    on,
    onOutcome: (listener) =>
      on((event) => {
        if (event.kind === "outcome") listener(event.outcome);
      }),
    close: () => stop.abort(),
  };
}
