/**
 * The simulator's process: told by the bench what its stations are to do, tells what they measured, every second.
 * Usage, with a channel to the parent: child.ts URL SEED
 */
import * as v from "valibot";
import { bytesOfHex } from "../../shared/bytes.ts";
import { Asked, type Command, type Told } from "./commands.ts";
import { createHall } from "./hall.ts";
import { createMeasures } from "./measures.ts";

const SECOND_MS = 1_000;

const [, , server = "", seed = ""] = process.argv;
const wallMs = () => performance.timeOrigin + performance.now();
const nowMs = () => performance.now();
const measures = createMeasures(wallMs);
const hall = createHall({ url: new URL(server), seed, measures, nowMs, random: Math.random });
const tell = (told: Told) => void process.send?.(told);

async function obey(command: Command): Promise<void> {
  switch (command.do) {
    case "connect":
      return hall.connect(command.from, command.count, command.atOnce);
    case "connect-plain":
      return hall.connectPlain(command.count, command.atOnce);
    case "vote":
      return hall.vote({ ...command, poll: bytesOfHex(command.poll) });
    case "cut":
      return hall.cut(command.count);
    case "flood":
      return hall.flood(command.perSecond);
    case "deafen":
      return hall.deafen(command.want === null ? null : bytesOfHex(command.want));
    case "mark":
      return measures.mark();
    case "totals":
      return undefined;
  }
}

process.on("message", (message) => {
  const { number, command } = v.parse(Asked, message);
  obey(command).then(
    () => tell({ kind: "answer", number, totals: measures.totals({ waiting: hall.waiting(), online: hall.online() }) }),
    (error: unknown) => tell({ kind: "failed", number, reason: String(error) }),
  );
});
// The bench has ended, however it did.
process.once("disconnect", () => process.exit(0));

let cpu = process.cpuUsage();
let cpuAtMs = nowMs();
setInterval(() => {
  const [spent, passedMs] = [process.cpuUsage(cpu), nowMs() - cpuAtMs];
  [cpu, cpuAtMs] = [process.cpuUsage(), nowMs()];
  const sample = measures.second(passedMs / SECOND_MS, {
    atMs: wallMs(),
    links: hall.links(),
    online: hall.online(),
    waiting: hall.waiting(),
    cpu: (spent.user + spent.system) / 1_000 / passedMs,
    rssMb: process.memoryUsage.rss() / 1e6,
  });
  tell({ kind: "sample", sample });
}, SECOND_MS);
