/** Places in a feed or in the ledger as clients name them, fuzzed: cursors, entity tags, bearers, hosts. For tests only. */
import * as v from "valibot";
import { ReadQuery } from "../../shared/api/cursor.ts";
import { foldEntry } from "../../shared/domain/fold.ts";
import { createMemoryProjection } from "../../shared/domain/memory-projection.ts";
import { must, type Target } from "../../shared/fuzz/fuzz.testing.ts";
import { ledgerChanges } from "../../shared/fuzz/ledger-samples.testing.ts";
import { mutateText } from "../../shared/fuzz/mutate-text.testing.ts";
import { expectedCursor } from "../api/acts.ts";
import { hostAllowed } from "../api/hosts.ts";
import { ProblemError } from "../api/problem.ts";
import { createTallyFeed } from "../api/tally-feed.ts";
import { sha256 } from "../ledger/sha256.ts";

export function placeTargets(): Target[] {
  return [lastIdTarget(), cursorTarget(), hostTarget()];
}

/** A screen that says what it has gets the whole tally, unless it has just that. */
function lastIdTarget(): Target {
  const projection = createMemoryProjection();
  for (const [at, change] of ledgerChanges(sha256).slice(0, 10).entries())
    foldEntry(projection, sha256, { position: at + 1, atMs: 1_000 * at, change });
  const [row] = projection.polls();
  if (row === undefined) throw new Error("no poll");
  const feed = createTallyFeed({ clock: () => 1_000_000, setTimer: () => () => {} });
  const known = String(row.tallyCursor);
  return {
    name: "the last id of a tally's stream",
    outcomes: ["told", "told nothing"],
    next(random) {
      const lastId = mutateText(random, [known, "0", `boot-${known}`, ""]);
      return {
        shown: () => JSON.stringify(lastId),
        attempt() {
          const told: string[] = [];
          const receiver = {
            write: (text: string) => void told.push(text),
            hasRoom: () => true,
            end() {},
            destroy() {},
          };
          const membership = feed.join(row, receiver, lastId);
          membership.drained();
          membership.leave();
          must(feed.size() === 0, "who left is counted no more");
          must(told.length === (lastId === known ? 0 : 1), "whoever has another state is told this one, once");
          return told.length === 0 ? "told nothing" : "told";
        },
      };
    },
  };
}

function cursorTarget(): Target {
  return {
    name: "cursors in headers and queries",
    outcomes: ["header read", "query read", "refused"],
    next(random) {
      const text = mutateText(random, ['"42"', "*", ' "7" ', "42", "999999999999999"]);
      return {
        shown: () => JSON.stringify(text),
        attempt() {
          const query = v.safeParse(ReadQuery, { minCursor: text });
          if (query.success) must(Number.isSafeInteger(query.output.minCursor ?? 0), "a cursor is an exact number");
          try {
            const read = expectedCursor(text);
            must(read === "any" || Number.isSafeInteger(read), "a cursor is an exact number");
            return "header read";
          } catch (error) {
            if (!(error instanceof ProblemError) || error.slug !== "invalid-request") throw error;
          }
          return query.success ? "query read" : "refused";
        },
      };
    },
  };
}

const HOSTS = ["localhost:7070", "127.0.0.1", "[::1]:7070", "votes.example:443", "127.255.255.254:1", "x.localhost"];
const LOCAL = /^(?:(?:[a-z0-9-]+\.)*localhost|127(?:\.\d{1,3}){3}|votes\.example|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

function hostTarget(): Target {
  return {
    name: "the Host header at loopback",
    outcomes: ["allowed", "refused"],
    next(random) {
      const host = mutateText(random, HOSTS);
      return {
        shown: () => JSON.stringify(host),
        attempt() {
          if (!hostAllowed(host, "127.0.0.1", ["votes.example"])) return "refused";
          must(LOCAL.test(host), "only this computer's names, and those it was given, are allowed");
          return "allowed";
        },
      };
    },
  };
}
