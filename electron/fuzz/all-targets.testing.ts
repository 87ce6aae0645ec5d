/** Everything at the station that reads what others wrote. For tests only. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DemoTap, Touch } from "../../shared/events/stream.ts";
import { frameExamples } from "../../shared/fuzz/format-targets.testing.ts";
import type { Target } from "../../shared/fuzz/fuzz.testing.ts";
import { NO_OPERATOR } from "../operator/operator.testing.ts";
import { createHttp } from "../screen/http.ts";
import { flagTargets } from "./flag-targets.testing.ts";
import { identityTargets } from "./identity-target.testing.ts";
import { keptTargets } from "./kept-targets.testing.ts";
import { mappingTarget } from "./mapping-target.testing.ts";
import { networkTargets } from "./network-targets.testing.ts";
import { operatorTargets } from "./operator-target.testing.ts";
import { newScreen, pageTargets, tapTarget, touchTarget } from "./page-targets.testing.ts";
import { pcscTargets } from "./pcsc-targets.testing.ts";
import { readerTargets } from "./reader-targets.testing.ts";
import { stationSessionTarget } from "./session-target.testing.ts";
import { wedgeTargets } from "./wedge-targets.testing.ts";

const PAGE = new URL("../../docs/link-protocol.md", import.meta.url);

export async function stationTargets(): Promise<{ targets: Target[]; clear(): Promise<void> }> {
  // In memory where there is such a disk: it is not the disk that is tried here.
  const directory = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "fuzz-"));
  for (const folder of ["station", "assets"]) mkdirSync(join(directory, folder));
  writeFileSync(join(directory, "station", "index.html"), "<!doctype html>");
  const taps: DemoTap[] = [];
  const touches: Touch[] = [];
  const http = await createHttp({
    screen: newScreen(),
    pages: directory,
    watch: {
      health: () => ({ status: "ok" }),
      metrics: { read: async () => ({ type: "text/plain", text: "" }) },
    },
    demoTap: (tap) => void taps.push(tap),
    touched(touch) {
      touches.push(touch);
      return "taken";
    },
    operator: NO_OPERATOR,
    setTicker: () => () => {},
    token: undefined,
  });
  await http.ready();
  const targets = [
    ...readerTargets(),
    ...pcscTargets(),
    ...wedgeTargets(),
    ...flagTargets(),
    ...keptTargets(),
    ...identityTargets(directory),
    ...pageTargets(),
    ...networkTargets(),
    mappingTarget(),
    ...operatorTargets(http),
    tapTarget(http, taps),
    touchTarget(http, touches),
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
