/** What is measured together, in the order in which it runs. One group is one file; a new one is a line here. */
import { existsSync } from "node:fs";
import { findBrowser } from "../build/browser.ts";
import { HAS_SOCAT } from "../e2e/rig/pty.ts";
import { measureDisk } from "./disk.ts";
import { measureEndToEnd } from "./end-to-end.ts";
import { measureFanout } from "./fanout.ts";
import { measureFeedback } from "./feedback.ts";
import { measureGrowth } from "./growth.ts";
import { measureIdleMemory } from "./idle-memory.ts";
import { measureIngest } from "./ingest.ts";
import type { Measurement, RowName } from "./rows.ts";
import { measureWire } from "./wire.ts";

interface Asked {
  /** Is this row asked for? A group may leave out what is not. */
  wants(name: RowName): boolean;
  /** A line for whoever waits at the terminal. */
  tell(line: string): void;
}

export interface Group {
  name: string;
  rows: readonly RowName[];
  /** What this machine lacks for it, if anything. */
  missing?(): string | undefined;
  measure(asked: Asked): Promise<Measurement>;
}

const ofSocat = () => (HAS_SOCAT ? undefined : "socat is missing");
const ofProc = () => (existsSync("/proc/self/stat") ? undefined : "/proc is missing");

export const GROUPS: readonly Group[] = [
  {
    name: "wire",
    rows: ["wire.ballotInBatch100", "wire.ballotAlone", "wire.tally50", "wire.tallyDelta"],
    measure: async () => ({ measured: measureWire(), notes: [] }),
  },
  {
    name: "disk",
    rows: ["disk.perBallot", "disk.perBallotAlone"],
    measure: async () => ({ measured: await measureDisk(), notes: [] }),
  },
  {
    name: "ingest",
    rows: ["ingest.durable", "ingest.durableAlone"],
    missing: ofProc,
    measure: measureIngest,
  },
  {
    name: "fanout",
    rows: ["fanout.burst", "fanout.cpuPerDelivery"],
    missing: ofProc,
    measure: measureFanout,
  },
  {
    name: "endToEnd",
    rows: ["endToEnd.p50", "endToEnd.p99", "endToEnd.burst"],
    missing: ofSocat,
    measure: measureEndToEnd,
  },
  {
    name: "feedback",
    rows: ["feedback.p99"],
    missing: () => ofSocat() ?? (findBrowser() === undefined ? "no Chromium on this machine" : undefined),
    measure: measureFeedback,
  },
  {
    name: "idle",
    rows: ["idle.memory"],
    missing: ofProc,
    measure: measureIdleMemory,
  },
  {
    // Last: what it leaves for the disk to write would slow down the others.
    name: "growth",
    rows: ["restart.1M", "rebuild.rate", "memory.1M"],
    measure: ({ wants, tell }) => measureGrowth(wants("rebuild.rate") || wants("memory.1M"), tell),
  },
];
