/**
 * `npm run bench [-- --json FILE] [--only NAME …]`: what PERFORMANCE.md asks for, each row beside its floor in the same
 * run. The machine is noisy: read the ratios, not the figures.
 */
import { writeFileSync } from "node:fs";
import { HAS_SOCAT } from "../e2e/rig/pty.ts";
import { measureDisk } from "./disk.ts";
import { measureEndToEnd } from "./end-to-end.ts";
import { readFlags } from "./flags.ts";
import { NOT_BUILT, rowOf, type Measured } from "./rows.ts";
import { tableOf } from "./table.ts";
import { measureWire } from "./wire.ts";

/** It takes some 100 s. */
const LIMIT_MS = 180_000;

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
clearTimeout(limit);

const rows = measured.filter(({ name }) => flags.wants(name)).map(rowOf);
if (rows.length > 0) console.log(tableOf(rows));
for (const note of notes) console.log(note);
for (const name of NOT_BUILT) if (flags.wants(name)) console.log(`not built yet: ${name}`);
if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(rows, null, 2)}\n`);
// Connections that are kept alive would hold it for some seconds.
process.exit(0);
