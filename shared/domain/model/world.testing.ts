/** The event the model plays: stations with their disks, the server's ledger, and the true time nobody knows. */
import type { PollCourse, PollFacts } from "../entry.ts";
import type { Standing } from "../projection.ts";
import type { Change } from "../entry.ts";
import { testId, type TestLog, type TestPoll } from "../testing.ts";
import type { Sha256 } from "../record.ts";
import type { ModelLedger } from "./ledger.testing.ts";
import type { Random } from "./random.testing.ts";

export const EVENT = testId(0xc);

/** A poll as the server last told it, under its signature. */
export interface Word {
  facts: PollFacts;
  course: PollCourse;
}

export interface KeptLog {
  log: TestLog;
  openedAtMs: number;
  /** The true time at which its milliseconds began. */
  bootMs: number;
  /** Made of what the server would not take under another log. */
  salvaged: boolean;
}

/** What is in a data directory. */
export interface Disk {
  logs: KeptLog[];
  /** The last log that was current. */
  current: KeptLog | null;
  /** By poll id. */
  words: Map<string, Word>;
}

/** A running station program. */
export interface Process {
  station: string;
  disk: Disk;
  /** Never gets a round trip good enough for a clock record. */
  neverSyncs: boolean;
  linked: boolean;
  /** Number of the next record to send, by log; known once the heads were compared. */
  next: Map<string, number>;
  standings: Map<string, Standing>;
}

export interface World {
  random: Random;
  sha256: Sha256;
  ledger: ModelLedger;
  nowMs: number;
  stations: string[];
  polls: TestPoll[];
  /** Running ones only. */
  processes: Process[];
  /** Copies of disks, and disks whose process is no more. */
  backups: { station: string; disk: Disk }[];
  /** Stations that two processes were at once: they may be called branches. */
  twins: Set<string>;
  /** Stations put back to an older copy, disk or machine: what was said before may not hold of what comes after. */
  putBack: Set<string>;
  serverPutBack: boolean;
  /** Batches that a cut link still holds. */
  strays: { station: string; batch: Change }[];
  /** Taps whose success was shown, numbered from 1: their number is the ballot's `reader`. */
  shown: { station: string }[];
  /** All totals that were ever certified, by poll. */
  certificates: Map<string, Set<string>>;
  newId(): string;
}

export function copyDisk(disk: Disk): Disk {
  const copies = new Map(disk.logs.map((kept) => [kept, { ...kept, log: kept.log.copy() }]));
  return {
    logs: [...copies.values()],
    current: (disk.current && copies.get(disk.current)) ?? null,
    words: new Map(disk.words),
  };
}
