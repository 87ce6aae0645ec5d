/** Mosquitto: a topic at QoS 0, by the bytes of MQTT 3.1.1. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openScratch } from "../../e2e/rig/scratch.ts";
import { PAYLOAD, burstOf } from "./byte-hub.ts";
import { findServer, freePort, startPeer, type Peer } from "./peer.ts";

const TOPIC = "tally";

export const mosquitto: Peer = {
  name: "mosquitto",
  row: "fanout.burst",
  atLeast: null,
  find: () => findServer("mosquitto"),
  async measure(program) {
    const port = await freePort();
    const config = join(openScratch("bench-mosquitto"), "mosquitto.conf");
    const lines = [`listener ${port} 127.0.0.1`, "allow_anonymous true", "persistence false", "set_tcp_nodelay true"];
    // Else it drops what a slow subscriber has waiting, and gives up root's rights and with them this file.
    const bounds = ["max_queued_messages 0", ...(process.getuid?.() === 0 ? ["user root"] : [])];
    writeFileSync(config, `${[...lines, ...bounds].join("\n")}\n`);
    const server = await startPeer(program, ["-c", config, "-v"], { ready: /mosquitto version .* running/ });
    const message = packet(0x30, Buffer.concat([text(TOPIC), Buffer.from(PAYLOAD)]));
    return burstOf(server, port, {
      steps: [{ send: Buffer.concat([CONNECT, SUBSCRIBE]).toString("latin1"), until: SUBACK }],
      publish: message,
      received: message.length,
    });
  },
};

/** A string as MQTT has it: two bytes of length before it. */
function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([0, value.length]), Buffer.from(value)]);
}

/** MQTT 3.1.1 §2.2: type and flags, remaining length in groups of seven bits, the rest. */
function packet(type: number, rest: Buffer): Buffer {
  const length = rest.length < 128 ? [rest.length] : [(rest.length & 127) | 128, rest.length >> 7];
  return Buffer.concat([Buffer.from([type, ...length]), rest]);
}

/** Clean session, no keep-alive, and the server names the client. */
const CONNECT = packet(0x10, Buffer.concat([text("MQTT"), Buffer.from([4, 2, 0, 0]), text("")]));
const SUBSCRIBE = packet(0x82, Buffer.concat([Buffer.from([0, 1]), text(TOPIC), Buffer.from([0])]));
/** Packet 1 granted at QoS 0. */
const SUBACK = "\u0090\u0003\u0000\u0001\u0000";
