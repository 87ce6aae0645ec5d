/** Multicast DNS over this computer's own loopback, from socket to socket. */
import openMulticast from "multicast-dns";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createManualClock } from "../clock.testing.ts";
import type { FoundServer } from "./found-servers.ts";
import { LOOPBACK, TEST_PORT, hasMulticast, sayToAll } from "./multicast.testing.ts";
import { SEARCH_MS, searchServers } from "./search.ts";

const WAIT_MS = 5_000;
const SERVICE = "_polling-station._tcp.local";
const INSTANCE = `Hall 3.${SERVICE}`;
const stops: (() => void)[] = [];
afterEach(() => stops.splice(0).forEach((stop) => stop()));

const multicast = await hasMulticast();
if (!multicast) console.log("not run: electron/discovery/search, for this machine has no multicast over loopback");

/** A server as another maker's might be: it answers with records, and counts the questions. */
function answer(address: string) {
  const heard = { questions: 0 };
  const network = openMulticast({ interface: LOOPBACK, bind: "0.0.0.0", port: TEST_PORT });
  const ready = new Promise<void>((resolve) => void network.once("ready", resolve));
  network.on("query", ({ questions = [] }) => {
    if (!questions.some(({ name, type }) => name === SERVICE && type === "PTR")) return;
    heard.questions += 1;
    network.respond([
      { type: "PTR", name: SERVICE, data: INSTANCE },
      { type: "SRV", name: INSTANCE, data: { target: "hall.local", port: 7070 } },
      { type: "TXT", name: INSTANCE, data: ["v=1", "tls=1"] },
      { type: "A", name: "hall.local", data: address },
    ]);
  });
  stops.push(() => network.destroy());
  return { heard, ready };
}

function search() {
  const clock = createManualClock();
  const seen: { found: readonly FoundServer[]; ends: number } = { found: [], ends: 0 };
  const stop = searchServers({
    setTimer: clock.setTimer,
    onFound: (found) => void (seen.found = found),
    onEnd: () => void seen.ends++,
    where: { addresses: [LOOPBACK], port: TEST_PORT },
  });
  stops.push(stop);
  return { clock, seen, stop };
}

describe.skipIf(!multicast)("a search", () => {
  test("finds servers among packets that are none, asks three times, and ends by itself", async () => {
    const { heard, ready } = answer("192.168.1.5");
    await ready;
    const { clock, seen } = search();
    // Nothing; too short; more promised than there is; a name that points at itself; rubbish.
    for (const hex of [
      "",
      "00",
      "000084000000ffff0000ffff",
      "000084000000000100000000c00c000c0001",
      "ff".repeat(1_400),
    ])
      await sayToAll(Buffer.from(hex, "hex"));
    clock.goOn(0);
    await vi.waitUntil(() => seen.found.length > 0, { timeout: WAIT_MS });
    expect(seen.found).toEqual([{ address: "https://192.168.1.5:7070", name: "Hall 3" }]);
    clock.goOn(1_000);
    clock.goOn(2_000);
    await vi.waitUntil(() => heard.questions === 3, { timeout: WAIT_MS });
    clock.goOn(SEARCH_MS);
    expect([seen.ends, clock.set(), seen.found.length]).toEqual([1, 0, 1]);
  });

  test("lists twenty servers at most", async () => {
    const { clock, seen } = search();
    const answers = Array.from({ length: 30 }, (_, at) => answer(`192.168.1.${at + 1}`));
    await Promise.all(answers.map(({ ready }) => ready));
    clock.goOn(0);
    await vi.waitUntil(() => answers.every(({ heard }) => heard.questions > 0), { timeout: WAIT_MS });
    await vi.waitUntil(() => seen.found.length === 20, { timeout: WAIT_MS });
    clock.goOn(1_000);
    await vi.waitUntil(() => answers.every(({ heard }) => heard.questions > 1), { timeout: WAIT_MS });
    expect(seen.found).toHaveLength(20);
  });

  test("that is stopped says nothing more", async () => {
    const { ready } = answer("192.168.1.5");
    await ready;
    const { clock, seen, stop } = search();
    stop();
    clock.goOn(SEARCH_MS);
    expect(seen).toEqual({ found: [], ends: 0 });
  });
});

test("a network that is not there finds nothing, and ends like any other", () => {
  const clock = createManualClock();
  let ends = 0;
  const where = { addresses: ["203.0.113.7", "nonsense"], port: TEST_PORT };
  stops.push(searchServers({ setTimer: clock.setTimer, onFound: () => {}, onEnd: () => ends++, where }));
  clock.goOn(SEARCH_MS);
  expect(ends).toBe(1);
});
