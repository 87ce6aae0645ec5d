import { expect, test } from "vitest";
import type { Measured } from "../rows.ts";
import { peerTableOf } from "../table.ts";
import type { Peer } from "./peer.ts";
import { PEERS, measurePeers, reachBeside } from "./peers.ts";

const ingest: Measured = { name: "ingest.durable", values: [9_000, 10_000, 11_000], floors: [12_000] };
const peer = (name: string, answers: Partial<Peer>): Peer => ({
  name,
  row: "ingest.durable",
  atLeast: 2,
  find: () => `/usr/bin/${name}`,
  measure: async () => [4_000, 5_000, 5_500],
  ...answers,
});

test("a peer stands beside our row with its own median, and one that is not installed is named", async () => {
  const asked: string[] = [];
  const found = await measurePeers([ingest], (line) => asked.push(line), [
    peer("there", {}),
    peer("away", { find: () => undefined }),
  ]);
  expect(found.rows).toEqual([
    { name: "ingest.durable/there", unit: "ballots/s", value: 10_000, floor: 5_000, ratio: 2, spread: 0.2 },
  ]);
  expect(found.notes).toContain("not run: away (not installed)");
  expect(asked).toEqual(["there …"]);
  expect(found.failed).toBe(false);
});

test("one that fails takes nothing from the others, and is told", async () => {
  const failing = peer("broken", { measure: () => Promise.reject(new Error("no disk")) });
  const found = await measurePeers([ingest], () => undefined, [failing, peer("there", {})]);
  expect(found.rows.map(({ name }) => name)).toEqual(["ingest.durable/there"]);
  expect(found.notes).toContain("failed: broken (no disk)");
  expect(found.failed).toBe(true);
});

test("a peer of a row that was not measured is left alone", async () => {
  const found = await measurePeers([], () => undefined, [peer("there", {})]);
  expect(found).toEqual({ rows: [], notes: [], failed: false });
});

test("what is asked beside each peer is what PERFORMANCE.md says", () => {
  const rows = PEERS.map(({ row, name }) => ({
    name: `${row}/${name}`,
    unit: "",
    value: 1,
    floor: 1,
    ratio: 1,
    spread: 0,
  }));
  const asked = rows.map((row) => [row.name, reachBeside(row)]);
  expect(Object.fromEntries(asked)).toMatchObject({
    "ingest.durable/postgresql": { of: "ratio", atLeast: 2 },
    "fanout.burst/nats": { of: "ratio", atLeast: 1.2 },
    "fanout.burst/socket.io": { of: "ratio", atLeast: 5 },
    "fanout.burst/twisted": null,
  });
  expect(peerTableOf(rows, reachBeside).split("\n")).toHaveLength(PEERS.length + 2);
});
