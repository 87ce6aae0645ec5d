/**
 * `npm run bench [-- --json FILE] [--only NAME …]`: what PERFORMANCE.md asks for, each row beside its floor in the same
 * run. The machine is noisy: read the ratios, not the figures.
 */
import { writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { HAS_SOCAT } from "../e2e/rig/pty.ts";
import { measureDisk } from "./disk.ts";
import { measureEndToEnd } from "./end-to-end.ts";
import { readFlags } from "./flags.ts";
import { measureGrowth } from "./growth.ts";
import { NOT_BUILT, rowOf, type Measured } from "./rows.ts";
import { figure, tableOf } from "./table.ts";
import { measureWire } from "./wire.ts";

/** It takes 150 s on a quiet machine, 185 on a busy one; 60 to 90 of them are for a million ballots. */
const LIMIT_MS = 300_000;

const read = readFlags(process.argv.slice(2));
if (!read.ok) {
  console.error(`bench: ${read.complaint}`);
  process.exit(2);
}
const { flags } = read;
// What was started ends with this process.
const limit = setTimeout(() => {
  console.error(`bench: not done within ${LIMIT_MS / 1000} s`);
  process.exit(1);
}, LIMIT_MS);

const load = () => loadavg().map(figure).join(" ");
const loadBefore = load();
const measured: Measured[] = [];
const notes: string[] = [];
const wantsAny = (group: string) => ["p50", "p99", "burst"].some((part) => flags.wants(`${group}.${part}`));

measured.push(...measureWire());
if (flags.wants("disk.perBallot") || flags.wants("disk.perBallotAlone")) {
  console.error("disk …");
  measured.push(...(await measureDisk()));
}
if (wantsAny("endToEnd")) {
  if (HAS_SOCAT) {
    console.error("endToEnd …");
    const endToEnd = await measureEndToEnd();
    measured.push(...endToEnd.measured);
    notes.push(...endToEnd.notes);
  } else notes.push("not run: endToEnd.p50, endToEnd.p99, endToEnd.burst (socat is missing)");
}
// Last: what it leaves for the disk to write would slow down the others.
const wantsRebuild = flags.wants("rebuild.rate") || flags.wants("memory.1M");
if (wantsRebuild || flags.wants("restart.1M")) {
  console.error("growth …");
  const growth = await measureGrowth(wantsRebuild, console.error);
  measured.push(...growth.measured);
  notes.push(...growth.notes);
}
notes.push(`load average before ${loadBefore}, after ${load()}`);
clearTimeout(limit);

const rows = measured.filter(({ name }) => flags.wants(name)).map(rowOf);
if (rows.length > 0) console.log(tableOf(rows));
for (const note of notes) console.log(note);
for (const name of NOT_BUILT) if (flags.wants(name)) console.log(`not built yet: ${name}`);
if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(rows, null, 2)}\n`);
// Connections that are kept alive would hold it for some seconds.
process.exit(0);
