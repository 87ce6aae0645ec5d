/**
 * The page's end of the channel to the program around it (Electron), where there is one; in a browser there is none, and
 * nothing happens. It says once that the page shows its first picture, and then, as often as the shell asks, that it
 * still does: a page that hangs, or whose picture is gone, falls silent and is opened again.
 */
import * as v from "valibot";
import { parseHostMessage, type PageMessage } from "../../shared/host/messages.ts";

/** What the preload script puts into the window. */
const Host = v.object({ host: v.literal("electron"), tell: v.function(), listen: v.function() });

export interface HostEnds {
  /** Is something of the page to be seen? After an error while drawing, React leaves nothing. */
  readonly showsSomething: () => boolean;
  /** Name and version of the program. */
  readonly onHost: (software: string) => void;
  /** Returns the way to stop it. */
  readonly setTicker: (run: () => void, everyMs: number) => () => void;
}

/** @param host what the window has of its host, whatever it is @returns to be called when the first picture is shown */
export function openHostBridge(host: unknown, ends: HostEnds): () => void {
  const parsed = v.safeParse(Host, host);
  if (!parsed.success) return () => undefined;
  const { tell, listen } = parsed.output;
  const say = (message: PageMessage): void => void tell(JSON.stringify(message));
  let sequence = 0;
  let stopTicker: (() => void) | undefined;
  listen((text: unknown) => {
    const message = parseHostMessage(text);
    if (message === undefined) return;
    ends.onHost(message.software);
    stopTicker?.();
    stopTicker = ends.setTicker(() => {
      if (ends.showsSomething()) say({ kind: "alive", sequence: ++sequence });
    }, message.aliveEveryMs);
  });
  return () => say({ kind: "ready" });
}
