/** A program for tests that kill it: stores ballots for ever and prints the number of each that was acknowledged. */
import { join } from "node:path";
import { toHex } from "../../shared/bytes.ts";
import { encodeRecord } from "../../shared/domain/record.ts";
import { WORKER, ballotAt, beginLog } from "./log-bed.testing.ts";
import { NotStored } from "./not-stored.ts";
import { openStationLog } from "./station-log.ts";

const [directory = "", together = "1"] = process.argv.slice(2);
const store = await openStationLog(join(directory, "log.sqlite"), WORKER);
const { log } = await beginLog(store);
process.stdout.write(`log ${toHex(log)}\n`);
for (let ms = 1; ;) {
  const group = Array.from({ length: Number(together) }, () => store.append(encodeRecord(ballotAt(ms++))));
  for (const stored of await Promise.all(group)) {
    if (!stored.ok) throw new NotStored(stored.reason);
    process.stdout.write(`${stored.number}\n`);
  }
}
