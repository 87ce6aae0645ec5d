/** Everything at the station that reads what others wrote. For tests only. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DemoTap } from "../../shared/events/stream.ts";
import { frameExamples } from "../../shared/fuzz/format-targets.testing.ts";
import type { Target } from "../../shared/fuzz/fuzz.testing.ts";
import { createHttp } from "../screen/http.ts";
import { flagTargets } from "./flag-targets.testing.ts";
import { identityTargets } from "./identity-target.testing.ts";
import { keptTargets } from "./kept-targets.testing.ts";
import { newScreen, pageTargets, tapTarget } from "./page-targets.testing.ts";
import { readerTargets } from "./reader-targets.testing.ts";
import { stationSessionTarget } from "./session-target.testing.ts";

const PAGE = new URL("../../docs/link-protocol.md", import.meta.url);

export async function stationTargets(): Promise<{ targets: Target[]; clear(): Promise<void> }> {
  // In memory where there is such a disk: it is not the disk that is tried here.
  const directory = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "fuzz-"));
  for (const folder of ["station", "assets"]) mkdirSync(join(directory, folder));
  writeFileSync(join(directory, "station", "index.html"), "<!doctype html>");
  const taps: DemoTap[] = [];
  const http = await createHttp({
    screen: newScreen(),
    pages: directory,
    watch: {
      health: () => ({ status: "ok" }),
      metrics: { read: async () => ({ type: "text/plain", text: "" }) },
    },
    demoTap: (tap) => void taps.push(tap),
    setTicker: () => () => {},
    token: undefined,
  });
  await http.ready();
  const targets = [
    ...readerTargets(),
    ...flagTargets(),
    ...keptTargets(),
    ...identityTargets(directory),
    ...pageTargets(),
    tapTarget(http, taps),
    stationSessionTarget(frameExamples(readFileSync(PAGE, "utf8"))),
  ];
  return {
    targets,
    async clear() {
      await http.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
