/** Keeps asking whether the server answers, while somebody looks and the link does not tell by itself. */
import type { Probed } from "./probe.ts";

/** A person who just plugged a cable in looks at the panel for so long. */
const ASK_EVERY_MS = 5_000;

export interface ServerProbeSurroundings {
  ask: (address: string, signal: AbortSignal) => Promise<Exclude<Probed, "unknown">>;
  address: () => string;
  /** Is the link up? Then the server answered a moment ago. */
  online: () => boolean;
  setTimer: (run: () => void, delayMs: number) => () => void;
  onProbed: () => void;
}

export interface ServerProbe {
  now(): Probed;
  /** Ask until the function given back is called; several may look. */
  look(): () => void;
  /** The address is another: what was found is of the old one. */
  renew(): void;
}

export function createServerProbe(around: ServerProbeSurroundings): ServerProbe {
  let probed: Probed = "unknown";
  let lookers = 0;
  let asking: AbortController | null = null;
  let cancel = () => {};
  const set = (found: Probed) => {
    if (found === probed) return;
    probed = found;
    around.onProbed();
  };
  const ask = async () => {
    cancel();
    if (lookers === 0 || asking !== null) return;
    const own = new AbortController();
    asking = own;
    // While the link is up nobody has to be asked; once it is down, nobody has been for a while.
    const found = around.online() ? "unknown" : await around.ask(around.address(), own.signal);
    // Of an address that is no longer it, or nobody looks on.
    if (own.signal.aborted) return;
    asking = null;
    set(found);
    cancel = around.setTimer(() => void ask(), ASK_EVERY_MS);
  };
  const drop = () => {
    cancel();
    asking?.abort();
    asking = null;
  };
  return {
    now: () => (around.online() ? "answers" : probed),
    look() {
      lookers += 1;
      if (lookers === 1) void ask();
      return () => {
        lookers -= 1;
        if (lookers === 0) drop();
      };
    },
    renew() {
      drop();
      set("unknown");
      void ask();
    },
  };
}
