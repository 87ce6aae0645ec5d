/**
 * The rig as a program, for suites that may not import it (e2e): `start`, `kill`, `insert READER UID [pulled]`, `remove READER`, `stop` on
 * stdin, a line each; `ok` on stdout for each. The first line says `ready NAME|NAME…`, or `not run: WHY`. For tests only.
 */
import { createInterface } from "node:readline";
import { openPcscdRig, type PcscdRig, whyNoPcscd } from "./pcscd-rig.testing.ts";

const why = await whyNoPcscd();
if (why === null) await serve(await openPcscdRig());
else console.log(`not run: ${why}`);

async function serve(rig: PcscdRig): Promise<void> {
  console.log(`ready ${rig.names.join("|")}`);
  for await (const line of createInterface({ input: process.stdin })) {
    const [word, reader, uid = "", manner] = line.split(" ");
    if (word === "stop") break;
    if (word === "start") await rig.start();
    if (word === "kill") await rig.kill();
    if (word === "insert") await rig.insert(Number(reader), uid, manner === "pulled" ? "pulled" : "whole");
    if (word === "remove") await rig.remove(Number(reader));
    console.log("ok");
  }
  await rig.stop();
  // Its stdin is still open, and would be waited for.
  process.exit(0);
}
