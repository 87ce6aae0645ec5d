/** Multicast DNS over this computer's own loopback, from socket to socket. */
import openMulticast from "multicast-dns";
import { afterEach, describe, expect, test, vi } from "vitest";
import { announceServer } from "./announce.ts";
import { LOOPBACK, TEST_PORT, hasMulticast, sayToAll } from "./multicast.testing.ts";

const WAIT_MS = 5_000;
const SERVICE = "_polling-station._tcp.local";
const stops: (() => void)[] = [];
afterEach(() => stops.splice(0).forEach((stop) => stop()));

const multicast = await hasMulticast();
if (!multicast) console.log("not run: server/announce, for this machine has no multicast over loopback");

/** Whoever is on the network: asks, and counts what is told of our service. */
async function listen() {
  const heard = { told: 0, last: "" };
  const network = openMulticast({ interface: LOOPBACK, bind: "0.0.0.0", port: TEST_PORT });
  network.on("response", ({ answers = [], additionals = [] }) => {
    if (!answers.some(({ name, type }) => name === SERVICE && type === "PTR")) return;
    heard.told += 1;
    heard.last = JSON.stringify(additionals);
  });
  await new Promise<void>((resolve) => void network.once("ready", resolve));
  stops.push(() => network.destroy());
  return { heard, ask: (name: string) => network.query(name, "PTR") };
}

describe.skipIf(!multicast)("a server that announces itself", () => {
  test("says so when it starts, and to whoever asks for its service, once a second at most", async () => {
    const { heard, ask } = await listen();
    let nowMs = 0;
    const where = { addresses: [LOOPBACK], port: TEST_PORT };
    const stop = announceServer({ urls: ["https://192.168.1.5:7070"], host: "hall", monotonicMs: () => nowMs, where });
    stops.push(stop);
    await vi.waitUntil(() => heard.told === 1, { timeout: WAIT_MS });
    expect(heard.last).toContain('"192.168.1.5"');
    await sayToAll(Buffer.from("ff".repeat(600), "hex"));
    ask("_http._tcp.local");
    ask(SERVICE.toUpperCase());
    await vi.waitUntil(() => heard.told === 2, { timeout: WAIT_MS });
    for (let at = 0; at < 20; at++) ask(SERVICE);
    nowMs = 1_000;
    // After those twenty it is the first that comes in the next second.
    await vi.waitUntil(
      () => {
        ask(SERVICE);
        return heard.told > 2;
      },
      { timeout: WAIT_MS },
    );
    expect(heard.told).toBe(3);
    stop();
  });
});
