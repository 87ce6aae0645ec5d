/** Where the fold and the reference must say the same. Each difference is an Error that names it. */
import { toHex } from "../../bytes.ts";
import { decodeBatch } from "../batch.ts";
import type { Entry } from "../entry.ts";
import type { Folded } from "../folded.ts";
import type { MemoryProjection } from "../memory-projection.ts";
import type { BallotRow, PollRow } from "../projection.ts";
import { castTimes, nameOf, voterOf } from "./reference-tally.testing.ts";
import type { Reference } from "./reference.testing.ts";

/** `assert.deepEqual` of plain values, a hundred times as fast; bytes as hexadecimal text before. */
function expectEqual(what: string, fold: unknown, reference: unknown): void {
  const [one, other] = [JSON.stringify(fold), JSON.stringify(reference)];
  if (one !== other) throw new Error(`${what}\n  fold:      ${one}\n  reference: ${other}`);
}

/** Why records are ignored for their place in the log, not for what the log counts as. */
const MISFITS = ["gap", "diverged", "nothing-new"];

/** An entry takes effect in both or in neither. */
export function expectSameEffect(entry: Entry, folded: Folded, taken: boolean, projection: MemoryProjection): void {
  const words = `entry ${entry.position}, ${entry.change.kind}, ${JSON.stringify(folded)}`;
  switch (folded.kind) {
    case "act":
      return expectEqual(words, folded.refused === null, taken);
    case "batch": {
      // Setting a log aside is an effect, though none of its records is taken.
      const newlyAside = folded.ignored === "set-aside" && taken;
      if (newlyAside) expectEqual(words, projection.log(folded.log)?.standing, "aside");
      const fits = folded.ignored === null || !MISFITS.includes(folded.ignored);
      if (!fits) expectEqual(words, folded.ignored === "gap", firstOf(entry) > folded.head + 1);
      return expectEqual(words, folded.ignored === null || newlyAside, taken);
    }
    case "log":
      return expectEqual(words, projection.log(folded.log)?.openedCursor === entry.position, taken);
    case "ignored":
      return expectEqual(words, false, taken);
  }
}

/** Number of the first record of a batch; 0 when it is none. */
function firstOf({ change }: Entry): number {
  return (change.kind === "batch" && decodeBatch(change.batch)?.first) || 0;
}

/** Who reads the feed from a cursor misses nothing: a tally that changed has the cursor of the entry that changed it. */
export function expectSteadyCursors(before: readonly PollRow[], projection: MemoryProjection, entry: Entry): void {
  for (const was of before) {
    const is = projection.poll(was.id);
    if (is === undefined) throw new Error("a poll went away");
    const moved = is.tally.join() !== was.tally.join() || is.unsynced !== was.unsynced;
    const words = `entry ${entry.position}, ${entry.change.kind}: the cursor of the tally of ${was.id}`;
    if (moved && is.tallyCursor !== entry.position) throw new Error(`${words} stood still`);
    if (!moved && is.tallyCursor < was.tallyCursor) throw new Error(`${words} went back`);
    if (moved && was.barrier !== null) throw new Error(`${words}: it moved after the barrier`);
  }
}

/** All rows of the projection, against the reference's own account. */
export function expectAgreement(projection: MemoryProjection, reference: Reference): void {
  for (const log of reference.logs()) {
    const row = projection.log(log.id);
    const drained = log.records.flatMap(({ record }) => (record.kind === "drained" ? [toHex(record.poll)] : []));
    expectEqual(
      `log ${log.id}`,
      row && [row.head, toHex(row.hash), row.standing, row.accepted ?? "all", row.drained.toSorted()],
      [
        log.records.length,
        toHex(log.hashes.at(-1) ?? new Uint8Array()),
        log.standing,
        log.accepted === Infinity ? "all" : log.accepted,
        [...new Set(drained)].toSorted(),
      ],
    );
  }
  const dump = projection.dump();
  expectEqual(
    "stations",
    dump.stations.map(({ station, cursor, revoked, forgot }) => [station, cursor, revoked, forgot]),
    reference.stations(),
  );
  for (const { station, wish } of dump.stations) {
    const wished = reference.wishOf(station);
    expectEqual(
      `the wish for ${station}`,
      wish && [wish.cursor, wish.base, wish.hash, wish.answer],
      wished ? [wished.position, wished.base, wished.hash, wished.answer] : null,
    );
  }
  expectEqual("bits of a 125 kHz number", dump.lfBits, reference.lfBits());
  expectEqual("logs", dump.logs.length, reference.logs().length);
  const ballots = new Map(dump.ballots.map((row) => [nameOf(row), row]));
  expectEqual("ballots", [...ballots.keys()].toSorted(), reference.logs().flatMap(castTimes).map(nameOf).toSorted());
  expectEqual("polls", dump.polls.map(({ id }) => id).toSorted(), [...reference.polls().keys()].toSorted());
  for (const poll of dump.polls) expectPoll(poll, ballots, reference);
}

function expectPoll(row: PollRow, ballots: ReadonlyMap<string, BallotRow>, reference: Reference): void {
  const poll = reference.polls().get(row.id);
  if (poll === undefined) throw new Error(`no poll ${row.id}`);
  expectEqual(
    `poll ${row.id}`,
    [row.state, row.moves, row.windows, row.closed && [row.closed.atMs, row.closed.cursor], row.barrier?.cursor],
    [
      poll.state,
      poll.moves,
      poll.windows,
      poll.closed && [poll.closed.atMs, poll.closed.position],
      poll.barrier?.position,
    ],
  );
  const count = reference.countOf(row.id);
  if (count === undefined) return;
  expectEqual(`the tally of ${row.id}`, [row.tally, row.unsynced], [count.tally, count.unsynced]);
  const own = reference
    .logs()
    .flatMap(castTimes)
    .filter((cast) => poll.facts.hash.startsWith(cast.poll));
  const late = own.filter((cast) => !count.whyNot.has(nameOf(cast)));
  expectEqual(`late ballots of ${row.id}`, row.late, late.length);
  for (const cast of own) {
    const ballot = ballots.get(nameOf(cast));
    const why = count.whyNot.get(nameOf(cast));
    const isLate = why === undefined;
    const said = ballot && [ballot.late, ballot.eligible];
    expectEqual(`ballot ${nameOf(cast)} of ${row.id}`, said, [isLate, why === null]);
    // After the barrier neither time nor voter is looked at again.
    if (poll.barrier !== null) continue;
    expectEqual(
      `ballot ${nameOf(cast)} of ${row.id}`,
      ballot && [ballot.atMs, ballot.synced, toHex(ballot.voter), ballot.weight],
      [cast.atMs, cast.synced, voterOf(reference.roll(), cast.tag), reference.roll()?.get(cast.tag)?.weight ?? 1],
    );
  }
}

/** The verdicts an ack would say are those of the rules at that moment. */
export function expectVerdicts(folded: Folded, reference: Reference): void {
  if (folded.kind !== "batch") return;
  for (const { number, verdict } of folded.verdicts)
    expectEqual(`the verdict of ${folded.log}/${number}`, verdict, reference.verdictOf(folded.log, number));
}
