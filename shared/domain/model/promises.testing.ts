/** What is promised of every event, whatever happened at it. */
import { toHex } from "../../bytes.ts";
import type { World } from "./world.testing.ts";

/** Certified totals never move; what was certified before a restore comes back as it was, or is certified anew. */
export function expectCertificates({ ledger, certificates }: World): void {
  for (const { id, state, tally, barrier } of ledger.projection().polls()) {
    if (state !== "certified") continue;
    const known = certificates.get(id) ?? new Set();
    certificates.set(id, known);
    const totals = tally.join();
    if (barrier?.why === "restored" && !known.has(totals)) throw new Error(`poll ${id} came back as ${totals}`);
    known.add(totals);
  }
}

/** A station that is one process at a time is never called two. */
export function expectNoFalseAlarm({ ledger, twins }: World): void {
  for (const { id, station, standing } of ledger.reference().logs())
    if (!twins.has(station) && standing === "aside") throw new Error(`log ${id} of a single station was set aside`);
}

/**
 * Every tap whose success was shown is in the ledger once, or is known by name: its log was rejected, its station
 * revoked, or no disk has it any more.
 */
export function expectNothingLost({ ledger, processes, shown, twins, putBack }: World): void {
  const reference = ledger.reference();
  const taken = new Map<number, string>();
  for (const { id, station, records } of reference.logs()) {
    for (const { record } of records) {
      if (record.kind !== "ballot") continue;
      const other = taken.get(record.reader);
      // Two copies of one disk may both move the same records to a log of their own.
      const copied = twins.has(station) || putBack.has(station);
      if (other !== undefined && !copied) throw new Error(`tap ${record.reader} is in log ${other} and in log ${id}`);
      taken.set(record.reader, id);
    }
  }
  for (const { station, disk } of processes) {
    if (reference.isRevoked(station)) continue;
    for (const { log } of disk.logs) {
      const standing = reference.logs().find(({ id }) => id === log.id)?.standing;
      if (standing === "rejected") continue;
      for (const record of log.records) {
        if (record.kind === "ballot" && !taken.has(record.reader))
          throw new Error(`tap ${record.reader} of ${shown.length}, in log ${log.id}, ${toHex(record.tagKey)}: lost`);
      }
    }
  }
}

/** What stations were told to be certified is so again once they are all linked to a server that was put back. */
export function expectSameAfterwards({ ledger, processes, stations }: World): () => void {
  const told = processes.flatMap(({ disk }) => [...disk.words.values()]);
  return () => {
    for (const { facts, course } of told) {
      if (course.totals === null || stations.some((station) => ledger.reference().isRevoked(station))) continue;
      const row = ledger.projection().poll(facts.poll);
      if (row?.barrier === null || row?.tally.join() !== course.totals.join())
        throw new Error(`poll ${facts.poll} was certified as ${course.totals.join()}, is ${row?.tally.join()}`);
    }
  };
}

/** When a station has drained, nothing more of it comes: no ballot of its is late for a poll that waited for that. */
export function expectDrainedIsAll({ ledger, twins, putBack, serverPutBack }: World): void {
  if (serverPutBack) return;
  const projection = ledger.projection();
  for (const { log, number, poll, late } of projection.dump().ballots) {
    const station = projection.log(log)?.station ?? "";
    if (!late || twins.has(station) || putBack.has(station)) continue;
    const { barrier, closed } = projection.pollByHash(poll) ?? {};
    // Who is admitted after the close had no key to vote with, and is not waited for.
    if ((projection.station(station)?.cursor ?? 0) > (closed?.cursor ?? 0)) continue;
    if (barrier?.missing.includes(station) === false)
      throw new Error(`ballot ${log}/${number} came late though its station had drained`);
  }
}
