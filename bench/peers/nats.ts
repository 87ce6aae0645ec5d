/** NATS core: a subject, by its text protocol. */
import { PAYLOAD, burstOf } from "./byte-hub.ts";
import { findServer, freePort, startPeer, type Peer } from "./peer.ts";

export const nats: Peer = {
  name: "nats",
  row: "fanout.burst",
  atLeast: 1.2,
  find: () => findServer("nats-server"),
  async measure(program) {
    const port = await freePort();
    const server = await startPeer(program, ["-a", "127.0.0.1", "-p", String(port)], { ready: /Server is ready/ });
    return burstOf(server, port, {
      steps: [{ send: `CONNECT {"verbose":false,"pedantic":false}\r\nSUB tally 1\r\nPING\r\n`, until: "PONG\r\n" }],
      publish: Buffer.from(`PUB tally ${PAYLOAD.length}\r\n${PAYLOAD}\r\n`),
      received: `MSG tally 1 ${PAYLOAD.length}\r\n${PAYLOAD}\r\n`.length,
    });
  },
};
