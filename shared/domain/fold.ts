/**
 * The fold: entries in ledger order become polls, tallies, verdicts and heads. It is the only place where acts and
 * ballots are judged, and it is a function of the entries alone: thrown away and folded again, it says the same.
 */
import type { Entry } from "./entry.ts";
import { foldAct } from "./fold-act.ts";
import { foldBatch, foldHeader } from "./fold-log.ts";
import type { Folded } from "./folded.ts";
import type { Projection } from "./projection.ts";
import type { Sha256 } from "./record.ts";

/** Fold one entry into the projection. */
export function foldEntry(projection: Projection, sha256: Sha256, entry: Entry): Folded {
  const { change } = entry;
  if (change.kind === "log-opened") return foldHeader(projection, sha256, change.header, entry.position);
  if (change.kind === "batch") return foldBatch(projection, sha256, change, entry.position);
  return { kind: "act", refused: foldAct(projection, sha256, entry, change) };
}
