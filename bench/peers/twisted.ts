/** Twisted: a hub of lines in Python, the shortest there is. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { findOnPath } from "../../build/on-path.ts";
import { PAYLOAD, burstOf } from "./byte-hub.ts";
import { freePort, startPeer, type Peer } from "./peer.ts";

const HUB = join(import.meta.dirname, "line-hub.py");

export const twisted: Peer = {
  name: "twisted",
  row: "fanout.burst",
  atLeast: null,
  find() {
    // The system's own first: a Python that somebody put before it has other packages.
    const pythons = ["/usr/bin/python3", findOnPath("python3") ?? "python3"];
    return pythons.find((python) => spawnSync(python, ["-c", "import twisted"]).status === 0);
  },
  async measure(python) {
    const port = await freePort();
    const server = await startPeer(python, [HUB, String(port)], { ready: /ready/ });
    const line = Buffer.from(`${PAYLOAD}\r\n`);
    return burstOf(server, port, {
      steps: [{ send: "hello\r\n", until: "welcome\r\n" }],
      publish: line,
      received: line.length,
    });
  },
};
