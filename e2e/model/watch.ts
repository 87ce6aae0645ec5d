/** Somebody looks at the certified totals all the time. */
import * as v from "valibot";
import { PollList } from "../../shared/api/polls.ts";
import type { World } from "./world.ts";

const LOOK_EVERY_MS = 100;

export interface Watch {
  /** Ends it; throws if a certified total was ever seen to move. */
  end(): Promise<void>;
}

/**
 * Look on until `end`. A ledger that was put back to before a certificate may count anew; what it takes back as certified
 * must be what was certified before.
 */
export function watchTotals({ server }: Pick<World, "server">): Watch {
  /** By poll: the totals and the certificate that were seen last. */
  const seen = new Map<string, { totals: string; at: string }>();
  const moved: string[] = [];
  const over = new AbortController();
  const look = async () => {
    const { polls } = v.parse(PollList, await (await server.organiser.request("GET", "/polls")).json());
    for (const { id, certified } of polls) {
      if (certified === null) continue;
      const tally = await server.organiser.tally(id);
      if (tally.provisional) continue;
      const totals = tally.counts.join();
      const before = seen.get(id);
      const sameLife = before?.at === certified.at || certified.why === "restored";
      if (before !== undefined && sameLife && before.totals !== totals) {
        moved.push(`${id}: ${before.totals} became ${totals} (${certified.why})`);
      }
      seen.set(id, { totals, at: certified.at });
    }
  };
  const lookOn = async () => {
    while (!over.signal.aborted) {
      // The server is killed now and then; what it says while it lives is what is watched.
      await look().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  };
  const looking = lookOn();
  return {
    async end() {
      over.abort();
      await looking;
      if (moved.length > 0) throw new Error(`certified totals moved: ${moved.join("; ")}`);
    },
  };
}
