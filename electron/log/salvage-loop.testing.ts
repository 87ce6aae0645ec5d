/**
 * A program for tests that kill it: three openings, a clock record and ballots in the first, ballots in the others. Then it
 * salvages all after a number of the first, and makes the others anew behind it.
 */
import { join } from "node:path";
import { WORKER, append, ballotAt, beginLog, clockAt, newLog } from "./log-bed.testing.ts";
import { openStationLog } from "./station-log.ts";

const [directory = "", records = "0", after = "0"] = process.argv.slice(2);
const count = Number(records);
const ballots = (from: number, length: number) => Array.from({ length }, (_, at) => ballotAt(from + at));
const store = await openStationLog(join(directory, "log.sqlite"), WORKER);
const first = await beginLog(store);
await append(store, clockAt(0), ...ballots(1, count - 1));
const second = await beginLog(store);
await append(store, ...ballots(10_000, count / 4));
const third = await beginLog(store);
await append(store, ...ballots(20_000, count / 4));
const salvaged = newLog();
const behindFirst = await store.foresee(first.log, Number(after), salvaged.hash);
const secondAnew = newLog({ log: salvaged.log, ...behindFirst });
const behindSecond = await store.foresee(second.log, 0, secondAnew.hash);
const thirdAnew = newLog({ log: secondAnew.log, ...behindSecond });
process.stdout.write("salvaging\n");
await store.salvage(first.log, Number(after), salvaged, [
  { from: second.log, to: secondAnew },
  { from: third.log, to: thirdAnew },
]);
process.stdout.write("salvaged\n");
// Until it is killed.
setInterval(() => {}, 1_000);
