/**
 * A naive reference: entries are written down as they are, and every count is made anew from all that was written
 * down. Short and plain, to be believed by reading it; it shares no code with the fold.
 */
import { toHex } from "../../bytes.ts";
import { decodeBatch } from "../batch.ts";
import type { Change, CertifyWhy, Entry, MappingAnswer, PollFacts, PollCourse, Window } from "../entry.ts";
import type { LfBits } from "../event-settings.ts";
import { decodeHeader, type Sha256 } from "../record.ts";
import { decodeRollChunk, type Entitled } from "../roll.ts";
import { addBatch, family, hasDrained, openLog, type ReferenceLog } from "./reference-logs.testing.ts";
import { countPoll, type Count } from "./reference-tally.testing.ts";
import { verdictOf } from "./reference-verdict.testing.ts";

export interface ReferencePoll {
  facts: PollFacts;
  state: "draft" | PollCourse["state"];
  moves: number;
  windows: Window[];
  closed: { atMs: number; position: number; backAtMs: number | null } | null;
  /** The count at the barrier, which is the count for ever. */
  barrier: { position: number; count: Count } | null;
}

const STAGES = ["draft", "voting", "closed", "certified"];
const STAGE_OF = { draft: "draft", open: "voting", paused: "voting", closed: "closed", certified: "certified" };
const DAY_MS = 86_400_000;

export type Reference = ReturnType<typeof createReference>;

export function createReference(sha256: Sha256) {
  let event: string | undefined;
  let destroyed = false;
  const admitted = new Map<string, number>();
  const revoked = new Map<string, number>();
  const logs: ReferenceLog[] = [];
  const polls = new Map<string, ReferencePoll>();
  const chunks = new Map<string, { tags: Entitled[]; lfBits: LfBits | null }>();
  let roll: Map<string, Entitled> | null = null;
  let lfBits: LfBits = 32;
  const wishes = new Map<string, Wish>();

  /** Write an entry down; false when it takes no effect. */
  function take({ change, atMs, position }: Entry): boolean {
    switch (change.kind) {
      case "event-created":
        if (event !== undefined) return false;
        event = change.event;
        return true;
      case "station-admitted":
        if (admitted.has(change.station)) return false;
        admitted.set(change.station, position);
        return true;
      case "station-revoked":
        return takeRevoked(change, position);
      case "log-opened": {
        const header = decodeHeader(change.header);
        if (header === undefined || toHex(header.event) !== event) return false;
        const station = toHex(header.station);
        if (!admitted.has(station) || revoked.has(station)) return false;
        return openLog(logs, sha256, header, change.header, position);
      }
      case "batch": {
        const batch = decodeBatch(change.batch);
        return batch !== undefined && addBatch(logs, sha256, batch, position);
      }
      case "log-judged":
        return takeJudged(change.log, change.admitted ? "admitted" : "rejected");
      case "roll-chunk":
        chunks.set(toHex(sha256(change.chunk)), { tags: decodeRollChunk(change.chunk) ?? [], lfBits: change.lfBits });
        return true;
      case "roll-adopted":
        return takeRoll(change.chunks);
      case "key-destroyed":
        if (destroyed || [...polls.values()].some(({ state }) => state === "open" || state === "paused")) return false;
        destroyed = true;
        return true;
      case "lf-bits-set":
        if (roll !== null || logs.some(({ records }) => records.some(({ record }) => record.kind === "ballot")))
          return false;
        lfBits = change.lfBits;
        return true;
      case "mapping-wished":
        if (!admitted.has(change.station) || revoked.has(change.station)) return false;
        wishes.set(change.station, { position, base: change.base, hash: change.hash, answer: null });
        return true;
      case "mapping-answered": {
        const wish = wishes.get(change.station);
        if (wish?.position !== change.wish || wish.answer !== null) return false;
        wish.answer = change.answer;
        return true;
      }
      case "poll-defined":
      case "poll-restored":
      case "poll-opened":
      case "poll-paused":
      case "poll-closed":
      case "poll-barred":
      case "poll-certified":
        return takePollAct(change, atMs, position);
    }
  }

  function takePollAct(change: PollAct, atMs: number, position: number): boolean {
    if (change.kind === "poll-defined") {
      const { kind: _, ...facts } = change;
      if ((polls.get(facts.poll)?.state ?? "draft") !== "draft") return false;
      polls.set(facts.poll, { facts, state: "draft", moves: 0, windows: [], closed: null, barrier: null });
      return true;
    }
    if (change.kind === "poll-restored") return takeRestored(change, position, atMs);
    const poll = polls.get(change.poll);
    if (poll === undefined) return false;
    switch (change.kind) {
      case "poll-barred": {
        if (poll.closed === null || poll.barrier !== null) return false;
        if (!mayBar(poll, poll.closed, change, atMs)) return false;
        poll.barrier = { position, count: count(poll) };
        return true;
      }
      case "poll-certified": {
        if (poll.barrier?.position !== change.barrier || poll.state === "certified") return false;
        if (change.totals.join() !== poll.barrier.count.tally.join()) return false;
        return move(poll, "certified");
      }
      case "poll-opened":
        if ((poll.state !== "draft" && poll.state !== "paused") || destroyed) return false;
        poll.windows.push({ fromMs: atMs, toMs: null });
        return move(poll, "open");
      case "poll-paused":
        if (poll.state !== "open") return false;
        endWindow(poll, atMs);
        return move(poll, "paused");
      case "poll-closed":
        if (poll.state !== "open" && poll.state !== "paused") return false;
        endWindow(poll, atMs);
        poll.closed = { atMs, position, backAtMs: null };
        return move(poll, "closed");
    }
  }

  function move(poll: ReferencePoll, state: ReferencePoll["state"]): true {
    poll.state = state;
    poll.moves++;
    return true;
  }

  /** What a station kept of a poll goes before what this ledger knows less of; what is certified here stays. */
  function takeRestored(act: Restored, position: number, atMs: number): boolean {
    const { kind: _kind, state: told, moves: movesTold, windows, closedAtMs, totals, ...facts } = act;
    // Without its totals it has to be certified anew.
    const anew = told === "certified" && totals === null;
    const state = anew ? "closed" : told;
    const came = anew ? movesTold - 1 : movesTold;
    const known = polls.get(facts.poll);
    if (known !== undefined && known.barrier !== null) return false;
    // Closed goes before open and paused, certified before closed; else the longer course is the later one.
    const [stage, stageHere] = [STAGES.indexOf(STAGE_OF[state]), STAGES.indexOf(STAGE_OF[known?.state ?? "draft"])];
    if (known !== undefined && (stage < stageHere || (stage === stageHere && came <= known.moves))) return false;
    const moves = Math.max(came, (known?.moves ?? 0) + 1);
    if (known !== undefined && known.state !== "draft" && known.facts.hash !== facts.hash) return false;
    const poll: ReferencePoll = {
      facts,
      state,
      moves,
      windows: windows.map((window) => ({ ...window })),
      barrier: null,
      closed: closedAtMs === null ? null : { atMs: closedAtMs, position, backAtMs: atMs },
    };
    polls.set(facts.poll, poll);
    if (totals !== null) poll.barrier = { position, count: { ...count(poll), tally: totals } };
    return true;
  }

  function mayBar(
    { facts }: ReferencePoll,
    closed: { atMs: number; backAtMs: number | null },
    act: { why: CertifyWhy; missing: string[]; reason: string | null },
    atMs: number,
  ): boolean {
    const lacking = missing(facts.poll);
    if (lacking.join() !== act.missing.join()) return false;
    if (act.why !== "by-hand" && facts.certify === "by-hand") return false;
    const dayIsOver = atMs - (closed.backAtMs ?? closed.atMs) >= DAY_MS;
    // Of a poll that came back nobody knows who else had ballots of it: it waits the day, or for a person's word.
    if (closed.backAtMs !== null && act.why !== "by-hand" && !dayIsOver) return false;
    if (lacking.length === 0) return true;
    return act.why === "by-hand" ? act.reason !== null : act.why === "time" && dayIsOver;
  }

  /** Stations that have not delivered a poll, ascending. */
  function missing(id: string): string[] {
    const poll = polls.get(id);
    if (poll === undefined) return [];
    const before = poll.closed?.backAtMs === null ? poll.closed.position : Infinity;
    return [...admitted]
      .filter(([station, position]) => position < before && !revoked.has(station))
      .map(([station]) => station)
      .filter((station) => !hasDrained(logs, station, poll.facts.hash.slice(0, 16)))
      .toSorted();
  }

  function takeRevoked({ station, accepted }: Extract<Change, { kind: "station-revoked" }>, position: number): boolean {
    if (!admitted.has(station) || revoked.has(station)) return false;
    const own = logs.filter((log) => log.station === station);
    const named = new Map(accepted.map(({ log, number }) => [log, number]));
    for (const [id, number] of named)
      if ((own.find((log) => log.id === id)?.records.length ?? -1) < number) return false;
    for (const log of own) log.accepted = named.get(log.id) ?? log.records.length;
    revoked.set(station, position);
    wishes.delete(station);
    return true;
  }

  function takeJudged(id: string, standing: "admitted" | "rejected"): boolean {
    const log = logs.find((one) => one.id === id);
    if (log === undefined || log.standing === standing) return false;
    for (const one of family(logs, id)) one.standing = standing;
    return true;
  }

  function takeRoll(hashes: readonly string[]): boolean {
    const adopted = hashes.map((hash) => chunks.get(hash)).filter((chunk) => chunk !== undefined);
    if (adopted.length < hashes.length) return false;
    if (adopted.some((chunk) => chunk.lfBits !== null && chunk.lfBits !== lfBits)) return false;
    const tags = adopted.flatMap((chunk) => chunk.tags);
    roll = hashes.length === 0 ? null : new Map(tags.map((tag) => [toHex(tag.tagKey), tag]));
    return true;
  }

  function count({ facts, windows }: Pick<ReferencePoll, "facts" | "windows">): Count {
    return countPoll({ facts, windows, logs, roll });
  }

  return {
    take,
    verdictOf: (log: string, number: number) => verdictOf({ logs, polls: polls.values(), roll }, log, number),
    missing,
    logs: (): readonly ReferenceLog[] => logs,
    polls: () => polls,
    roll: () => roll,
    lfBits: () => lfBits,
    wishOf: (station: string) => wishes.get(station),
    isRevoked: (station: string) => revoked.has(station),
    /** Of each station where it was admitted, revoked, and where it first said that it destroyed the key. */
    stations: () =>
      [...admitted]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([station, position]) => {
          const own = logs.filter((log) => log.station === station).flatMap(({ records }) => records);
          const forgot = own.filter(({ record }) => record.kind === "forgot").map(({ position: at }) => at);
          return [station, position, revoked.get(station) ?? null, forgot.length > 0 ? Math.min(...forgot) : null];
        }),
    /** The count of a poll now: what it was at its barrier, if it has one. */
    countOf(id: string): Count | undefined {
      const poll = polls.get(id);
      return poll && poll.state !== "draft" ? (poll.barrier?.count ?? count(poll)) : undefined;
    },
  };
}

interface Wish {
  position: number;
  base: number;
  hash: string;
  answer: MappingAnswer | null;
}

type Restored = Extract<Change, { kind: "poll-restored" }>;
type PollAct = Extract<Change, { kind: `poll-${string}` }>;

function endWindow({ windows }: ReferencePoll, toMs: number): void {
  const open = windows.at(-1);
  if (open?.toMs === null) open.toMs = toMs;
}
