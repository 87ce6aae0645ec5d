/** How far a station's logs reach by its own word, and how far the ledger has them. */

export interface Reach {
  /** Number of the last record the station says it has. */
  claimed: number;
  /** Number of the last one folded. */
  head: number;
  /** It ended here, too, when the link opened it, but with another hash: somewhere the two histories part. */
  differs: boolean;
}

/** Log id → reach, as one link was told; null for a log that it spoke of and was not answered about yet. */
export type Reaches = ReadonlyMap<string, Reach | null>;

/** The reach of a log after something more was heard of it. */
function further(before: Reach | undefined, { claimed, head, differs }: Reach): Reach {
  return {
    claimed: Math.max(before?.claimed ?? 0, claimed),
    head: Math.max(before?.head ?? 0, head),
    differs: differs || before?.differs === true,
  };
}

/** Records that the ledger still lacks of these logs; two links of one station may speak of the same log. */
export function countUndelivered(links: Iterable<Reaches>, isWanted: (log: string) => boolean): number {
  const merged = new Map<string, Reach>();
  for (const reaches of links)
    for (const [log, reach] of reaches)
      if (reach !== null && isWanted(log)) merged.set(log, further(merged.get(log), reach));
  let sum = 0;
  for (const { claimed, head } of merged.values()) sum += Math.max(0, claimed - head);
  // What a station claims is its word alone; a thousand absurd ones must still be a number.
  return Math.min(sum, Number.MAX_SAFE_INTEGER);
}
