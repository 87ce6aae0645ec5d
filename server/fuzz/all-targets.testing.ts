/** Everything at the server that reads what others wrote. For tests only. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { frameExamples } from "../../shared/fuzz/format-targets.testing.ts";
import type { Target } from "../../shared/fuzz/fuzz.testing.ts";
import { openSqliteLedger } from "../ledger/sqlite/sqlite-ledger.ts";
import { openCertificate } from "../tls/certificate.ts";
import { configTargets } from "./config-targets.testing.ts";
import { httpTarget } from "./http-target.testing.ts";
import { placeTargets } from "./place-targets.testing.ts";
import { rowTargets } from "./row-targets.testing.ts";
import { serverSessionTarget } from "./session-target.testing.ts";

const PAGE = new URL("../../docs/link-protocol.md", import.meta.url);

interface Targets {
  targets: Target[];
  clear(): Promise<void>;
}

/** What is on the server's disk and command line, and the places that clients name. */
export async function storedTargets(): Promise<Targets> {
  const directory = openScratch();
  const certificate = await openCertificate({ directory, hosts: [], clock: () => Date.now() });
  return {
    targets: [...rowTargets(), ...placeTargets(), ...configTargets(directory, certificate)],
    clear: async () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** What comes over the link and over HTTP. */
export async function askedTargets(): Promise<Targets> {
  const directory = openScratch();
  const opened = await openSqliteLedger(directory, { clock: () => 1_000_000 });
  if (!opened.ok) throw new Error(opened.reason);
  const session = await serverSessionTarget(opened.ledger, frameExamples(readFileSync(PAGE, "utf8")));
  const http = await httpTarget();
  return {
    targets: [session, http],
    async clear() {
      await http.close();
      await opened.ledger.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** In memory where there is such a disk: it is not the disk that is tried here. The test bed's go there, too. */
function openScratch(): string {
  if (existsSync("/dev/shm")) process.env["TMPDIR"] = "/dev/shm";
  return mkdtempSync(join(tmpdir(), "fuzz-"));
}
