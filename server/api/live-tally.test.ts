import { get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import * as v from "valibot";
import { Tally } from "../../shared/api/polls.ts";
import { createTestBed, slugOf, type TestBed } from "./test-bed.ts";

let bed: TestBed;
let port: number;
let streams: IncomingMessage[] = [];
beforeEach(async () => {
  bed = await createTestBed({ maxReceivers: 2 });
  await bed.api.listen({ host: "127.0.0.1", port: 0 });
  port = (bed.api.server.address() as AddressInfo).port;
});
afterEach(async () => {
  for (const stream of streams) stream.destroy();
  streams = [];
  await bed.close();
});

function follow(poll: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get({ port, path: `/api/v1/polls/${poll}/events`, headers }, (reply) => {
      streams.push(reply);
      resolve(reply);
    }).once("error", reject);
  });
}

/** Events of a stream until `enough` of what was read so far. */
async function readUntil(stream: IncomingMessage, enough: (text: string) => boolean): Promise<string> {
  let text = "";
  return new Promise((resolve, reject) => {
    const take = (chunk: Buffer) => {
      text += chunk.toString();
      if (!enough(text)) return;
      stream.off("data", take);
      resolve(text);
    };
    stream.on("data", take);
    stream.once("error", reject).once("end", () => resolve(text));
  });
}

const tallies = (text: string) =>
  Array.from(text.matchAll(/^data: (.+)$/gm), ([, data = ""]) => v.parse(Tally, JSON.parse(data)));

test("a screen sees the tally at once and each change of the poll after it", async () => {
  const poll = await bed.draft();
  await bed.open(poll);
  const stream = await follow(poll);
  expect(stream.headers).toMatchObject({
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  const first = await readUntil(stream, (text) => text.endsWith("\n\n"));
  expect(tallies(first)).toMatchObject([{ poll, state: "open", counts: [0, 0], total: 0 }]);
  const headers = await bed.organiser();
  bed.pass(1000);
  await bed.api.inject({ method: "POST", url: `/api/v1/polls/${poll}/close`, headers });
  const next = await readUntil(stream, (text) => text.endsWith("\n\n"));
  const [closed] = tallies(next);
  expect(closed).toMatchObject({ state: "closed" });
  expect(next).toContain(`id: ${closed?.cursor}\n`);
});

test("a screen that reconnects with the present id is not told again", async () => {
  const poll = await bed.draft();
  await bed.open(poll);
  const [now] = tallies(await readUntil(await follow(poll), (text) => text.endsWith("\n\n")));
  const again = await follow(poll, { "last-event-id": String(now?.cursor) });
  const headers = await bed.organiser();
  await bed.api.inject({ method: "POST", url: `/api/v1/polls/${poll}/pause`, headers });
  expect(tallies(await readUntil(again, (text) => text.endsWith("\n\n")))).toMatchObject([{ state: "paused" }]);
});

test("beyond the bound a screen is told to come back, and a place that was left is free again", async () => {
  const poll = await bed.draft();
  await bed.open(poll);
  const first = await follow(poll);
  await follow(poll);
  const refused = await bed.api.inject(`/api/v1/polls/${poll}/events`);
  expect([refused.statusCode, slugOf(refused)]).toEqual([503, "too-many-receivers"]);
  first.destroy();
  await expect.poll(async () => (await follow(poll)).statusCode).toBe(200);
});

test("when the server stops, streams end and the stop does not wait for them", async () => {
  const poll = await bed.draft();
  await bed.open(poll);
  const stream = await follow(poll);
  const ended = readUntil(stream, () => false);
  await bed.api.close();
  expect(tallies(await ended)).toHaveLength(1);
});
