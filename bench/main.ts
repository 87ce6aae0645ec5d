/**
 * `npm run bench [-- --json FILE] [--only NAME …] [--peers]`: what PERFORMANCE.md asks for, each row beside its floor in
 * the same run, and with `--peers` beside other people's programs. The machine is noisy: read the ratios.
 */
import { writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { readFlags } from "./flags.ts";
import { GROUPS } from "./groups.ts";
import { measurePeers, reachBeside } from "./peers/peers.ts";
import { rowOf, type Measured } from "./rows.ts";
import { SCALE_LIMIT_MS, playScale } from "./simulator/scale.ts";
import { figure, peerTableOf, tableOf } from "./table.ts";

/**
 * The groups take some 470 s one after another, with little else on the machine. 150 of them are for feedback: a 99th
 * part needs 300 taps, which are 30 s a round at 10 a second; 60 to 90 are for a million ballots.
 */
const LIMIT_MS = 720_000;
/** Each takes some 10 s. */
const PEERS_MS = 120_000;

const read = readFlags(process.argv.slice(2));
if (!read.ok) {
  console.error(`bench: ${read.complaint}`);
  process.exit(2);
}
const { flags } = read;
const limitMs = (flags.scenarios.length === 0 ? LIMIT_MS : SCALE_LIMIT_MS) + (flags.peers ? PEERS_MS : 0);
// What was started ends with this process.
const limit = setTimeout(() => {
  console.error(`bench: not done within ${limitMs / 1000} s`);
  process.exit(1);
}, limitMs);

const load = () => loadavg().map(figure).join(" ");
const loadBefore = load();
const measured: Measured[] = [];
const notes: string[] = [];
let failed = false;
for (const group of GROUPS) {
  const rows = group.rows.filter(flags.wants);
  if (rows.length === 0) continue;
  const lacks = group.missing?.();
  if (lacks !== undefined) {
    notes.push(`not run: ${rows.join(", ")} (${lacks})`);
    continue;
  }
  console.error(`${group.name} …`);
  try {
    const found = await group.measure({ wants: flags.wants, tell: console.error });
    measured.push(...found.measured);
    notes.push(...found.notes);
  } catch (error) {
    // The others are still worth having.
    failed = true;
    console.error(error);
    notes.push(`failed: ${rows.join(", ")} (${error instanceof Error ? error.message : String(error)})`);
  }
}
if (flags.scenarios.length > 0 && !(await playScale(flags.scenarios, flags.series))) failed = true;
const wanted = measured.filter(({ name }) => flags.wants(name));
const beside = flags.peers ? await measurePeers(wanted, console.error) : undefined;
if (beside !== undefined) {
  notes.push(...beside.notes);
  failed ||= beside.failed;
}
notes.push(`load average before ${loadBefore}, after ${load()}`);
clearTimeout(limit);

const rows = wanted.map(rowOf);
const peerRows = beside?.rows ?? [];
if (rows.length > 0) console.log(tableOf(rows));
if (peerRows.length > 0) console.log(`\n${peerTableOf(peerRows, reachBeside)}\n`);
for (const note of notes) console.log(note);
if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify([...rows, ...peerRows], null, 2)}\n`);
// Connections that are kept alive would hold it for some seconds.
process.exit(failed ? 1 : 0);
