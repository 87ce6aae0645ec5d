/** The organiser of the model: acts in any order, also such as the fold must refuse. */
import { toHex } from "../../bytes.ts";
import type { CertifyWhy } from "../entry.ts";
import { encodeRollChunk, type Entitled } from "../roll.ts";
import { testId, testPoll, testTag, type TestPoll } from "../testing.ts";
import { TAGS } from "./station.testing.ts";
import type { World } from "./world.testing.ts";

const REASON = "ab".repeat(32);
const DAY_MS = 86_400_000;

export function definePoll(world: World): void {
  const { random, sha256, polls, ledger, nowMs } = world;
  const number = polls.length + 1;
  const again = number > 1 && random.oneIn(3);
  const poll = testPoll(sha256, number, {
    counts: random.oneIn(2) ? "first" : "last",
    upTo: 1 + random.below(3),
    results: random.pick(["live", "after-vote", "after-close", "organiser"] as const) ?? "live",
    groups: random.oneIn(4) ? [1] : [],
    certify: random.oneIn(4) ? "by-hand" : "by-itself",
    tagless: random.oneIn(4),
    ...(again && { round: 2, first: testId(1) }),
  });
  polls.push(poll);
  ledger.append(poll.defined, nowMs);
}

const MOVES = ["opened", "opened", "paused", "closed"] as const;

export function movePoll({ random, ledger, nowMs }: World, poll: TestPoll): void {
  const act = random.pick(MOVES) ?? "opened";
  ledger.append(poll[act], nowMs);
}

/** The barrier as the server would put it, or as it must not. */
export function barPoll(world: World, { facts: { poll } }: TestPoll): void {
  const { random, ledger } = world;
  const why: CertifyWhy = random.pick(["drained", "drained", "time", "by-hand"] as const) ?? "drained";
  // A day goes by now and then, or all but its last millisecond: then it is too early.
  const closed = ledger.projection().poll(poll)?.closed;
  if (why !== "by-hand" && closed && random.oneIn(3))
    world.nowMs = Math.max(world.nowMs, (closed.backAtMs ?? closed.atMs) + DAY_MS - random.below(2));
  const missing = random.oneIn(8) ? [] : ledger.reference().missing(poll);
  const reason = why === "by-hand" && !random.oneIn(4) ? REASON : null;
  ledger.append({ kind: "poll-barred", poll, why, missing, reason }, world.nowMs);
}

/** The certificate after a barrier. */
export function certify({ ledger, nowMs, random }: World, { facts: { poll } }: TestPoll): void {
  const row = ledger.projection().poll(poll);
  if (row?.barrier === undefined || row.barrier === null) return;
  const totals = random.oneIn(10) ? row.tally.map((count) => count + 1) : row.tally;
  ledger.append({ kind: "poll-certified", poll, barrier: row.barrier.cursor, totals }, nowMs);
}

/** Whatever is still open is closed and certified, by hand where that is needed. */
export function finishPolls({ ledger, nowMs, polls, random }: World): void {
  for (const { facts } of polls) {
    const { poll } = facts;
    const missing = ledger.reference().missing(poll);
    const isBack = (ledger.projection().poll(poll)?.closed?.backAtMs ?? null) !== null;
    const by = missing.length === 0 && facts.certify === "by-itself" && !isBack ? "drained" : "by-hand";
    ledger.append({ kind: "poll-barred", poll, why: by, missing, reason: REASON }, nowMs);
    const row = ledger.projection().poll(poll);
    if (!row?.barrier) continue;
    const certificate = { kind: "poll-certified", poll, barrier: row.barrier.cursor } as const;
    // A certificate of other totals is none.
    if (random.oneIn(6)) ledger.append({ ...certificate, totals: row.tally.toReversed() }, nowMs);
    ledger.append({ ...certificate, totals: row.tally }, nowMs);
  }
}

/** A server put back to a backup, and nobody waits for the stations: another course of the same polls. */
export function hurry(world: World): void {
  const { ledger, nowMs, random, polls } = world;
  for (const { opened, paused, closed } of polls) {
    // Some are opened and paused as often as never before: more moves than were told, and yet not as far.
    const often = random.oneIn(2);
    for (let times = often ? 4 : 0; times > 0; times--) {
      ledger.append(opened, nowMs);
      ledger.append(paused, nowMs);
    }
    if (often) continue;
    ledger.append(opened, nowMs);
    ledger.append(closed, nowMs);
  }
  finishPolls(world);
}

export function adoptRoll({ random, sha256, ledger, nowMs }: World): void {
  if (random.oneIn(4)) return void ledger.append({ kind: "roll-adopted", chunks: [] }, nowMs);
  // Mostly what holds; now and then chunks of an older setting, or of before it was noted.
  const odd = random.pick([{ bits: 24 }, { bits: 32 }, { bits: null }] as const);
  const notedBits = random.oneIn(8) && odd !== undefined ? odd.bits : ledger.reference().lfBits();
  const hashes = Array.from({ length: 1 + random.below(2) }, () => {
    const tags = Array.from({ length: TAGS }, (_, number): Entitled | null =>
      random.oneIn(4)
        ? null
        : {
            tagKey: testTag(number),
            voter: random.below(3),
            weight: 1 + random.below(3),
            group: random.below(3),
          },
    ).filter((tag) => tag !== null);
    const chunk = encodeRollChunk(tags.length > 0 ? tags : [{ tagKey: testTag(0), voter: 0, weight: 1, group: 0 }]);
    ledger.append({ kind: "roll-chunk", chunk, lfBits: notedBits }, nowMs);
    return toHex(sha256(chunk));
  });
  ledger.append({ kind: "roll-adopted", chunks: random.oneIn(8) ? [...hashes, "00".repeat(32)] : hashes }, nowMs);
}

export function admit({ ledger, nowMs }: World, station: string): void {
  ledger.append({ kind: "station-admitted", station, key: new Uint8Array(32) }, nowMs);
}

export function revoke({ random, ledger, nowMs }: World, station: string): void {
  const logs = ledger
    .reference()
    .logs()
    .filter((log) => log.station === station && random.oneIn(2));
  const accepted = logs.map(({ id, records }) => ({ log: id, number: random.below(records.length + 1) }));
  // One too many is refused.
  const [first] = accepted;
  if (first !== undefined && random.oneIn(6)) first.number = (logs[0]?.records.length ?? 0) + 1;
  ledger.append({ kind: "station-revoked", station, accepted }, nowMs);
}

/** Bits that may be refused, wishes for readers, and answers to them: the newest's, an older one's, a stranger's. */
export function setUp({ random, ledger, nowMs }: World, station: string): void {
  if (random.oneIn(4)) return void ledger.append({ kind: "lf-bits-set", lfBits: random.oneIn(2) ? 24 : 32 }, nowMs);
  const wish = ledger.reference().wishOf(station);
  if (wish === undefined || random.oneIn(3)) {
    const hash = `${random.below(10)}`.repeat(64);
    return void ledger.append({ kind: "mapping-wished", station, base: random.below(5), hash }, nowMs);
  }
  const answer = random.pick(["taken", "conflict", "unknown-reader"] as const) ?? "taken";
  const at = random.oneIn(4) ? 1 + random.below(wish.position) : wish.position;
  return void ledger.append({ kind: "mapping-answered", station, wish: at, answer }, nowMs);
}

/** A word on a branch that waits for one; `any`, on any log. */
export function judgeBranch({ random, ledger, nowMs }: World, any: boolean): boolean {
  const logs = ledger.reference().logs();
  const log = random.pick(any ? logs : logs.filter(({ standing }) => standing === "aside"));
  if (log === undefined) return false;
  ledger.append({ kind: "log-judged", log: log.id, admitted: !random.oneIn(3) }, nowMs);
  return true;
}
