/** Everything is counted anew from the disks, and held against what the server said. */
import { createHash } from "node:crypto";
import { expect } from "vitest";
import { bytesOfHex, toHex } from "../../shared/bytes.ts";
import type { Poll, Tally } from "../../shared/api/polls.ts";
import { castTimes } from "../../shared/domain/model/reference-tally.testing.ts";
import { createReference, type Reference } from "../../shared/domain/model/reference.testing.ts";
import { decodeRecord, encodeRecord } from "../../shared/domain/record.ts";
import { shortHash } from "../../shared/domain/poll.ts";
import { readEntries, readStationLogs } from "../crash/disks.ts";
import { readEventKey, tagKeyOf } from "../rig/event-key.ts";
import type { Runner, World } from "./world.ts";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());

/** What the server said in the end. */
export interface Said {
  polls: readonly Poll[];
  tallies: readonly Tally[];
}

/** To be called when the programs are gone. */
export function expectAccount(world: World, said: Said): void {
  const entries = readEntries(world.server.data);
  const reference = createReference(sha256);
  for (const entry of entries) reference.take(entry);
  for (const poll of said.polls) expectPoll(reference, poll, said);
  for (const runner of world.runners) {
    expectShownOnDisk(world, said, runner);
    if (!world.revoked.has(runner.station)) expectDiskInLedger(reference, runner);
  }
  if (world.twins.size === 0) {
    const aside = entries.filter(({ change }) => change.kind === "log-judged");
    expect(aside, "no log of a single station is ever set aside").toEqual([]);
  }
}

/** The naive recount says the same of a poll. */
function expectPoll(reference: Reference, poll: Poll, { tallies }: Said): void {
  const counted = reference.polls().get(poll.id);
  const count = reference.countOf(poll.id);
  const tally = tallies.find((one) => one.poll === poll.id);
  expect({ state: poll.state, windows: poll.windows }, `poll ${poll.id}`).toEqual({
    state: counted?.state,
    windows: counted?.windows.map(({ fromMs, toMs }) => ({ from: timestamp(fromMs), to: toMs && timestamp(toMs) })),
  });
  const all = reference.logs().flatMap(castTimes);
  const own = all.filter((cast) => cast.poll === shortHash(poll.hash));
  const late = own.filter(({ log, number }) => count?.whyNot.has(`${log}/${number}`) === false);
  expect(
    {
      counts: tally?.counts,
      late: tally?.late,
      unsynchronised: tally?.unsynchronised,
      provisional: tally?.provisional,
    },
    `the tally of ${poll.id}`,
  ).toEqual({ counts: count?.tally, late: late.length, unsynchronised: count?.unsynced, provisional: false });
}

const timestamp = (ms: number) => new Date(ms).toISOString();

/** Each success that was shown is a ballot on the disk of the station that showed it. */
function expectShownOnDisk(world: World, { polls }: Said, runner: Runner): void {
  const eventKey = readEventKey(world.server.data);
  const onDisk = new Map<string, number>();
  for (const record of [...readStationLogs(runner.kiosk.station.data).values()].flat()) {
    const ballot = decodeRecord(bytesOfHex(record));
    if (ballot?.kind !== "ballot") continue;
    const name = `${toHex(ballot.poll)} ${ballot.option} ${toHex(ballot.tagKey)}`;
    onDisk.set(name, (onDisk.get(name) ?? 0) + 1);
  }
  const hashes = new Map(polls.map(({ id, hash }) => [id, shortHash(hash)]));
  const shown = Map.groupBy(
    runner.shown,
    ({ badge, option, poll }) => `${hashes.get(poll)} ${option} ${tagKeyOf(eventKey, bytesOfHex(badge))}`,
  );
  const lost = [...shown].filter(([name, taps]) => (onDisk.get(name) ?? 0) < taps.length).map(([name]) => name);
  expect(lost, `successes shown by ${runner.kiosk.name} that are not on its disk`).toEqual([]);
}

/** Each record on a disk is in the ledger, under the same log and number, unless the organiser rejected its log. */
function expectDiskInLedger(reference: Reference, { kiosk }: Runner): void {
  for (const [id, records] of readStationLogs(kiosk.station.data)) {
    const log = reference.logs().find((one) => one.id === id);
    if (log?.standing === "rejected") continue;
    const held = log?.records.map(({ record }) => toHex(encodeRecord(record))) ?? [];
    const lost = records.flatMap((record, at) => (held[at] === record ? [] : [at + 1]));
    expect(lost, `records of log ${id} of ${kiosk.name} that are not in the ledger`).toEqual([]);
  }
}
