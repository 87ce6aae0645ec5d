import { afterAll, beforeAll, expect, test } from "vitest";
import type { Poll } from "../../shared/api/polls.ts";
import { MAX_ROUNDS } from "../../shared/domain/poll.ts";
import { testPoll } from "../../shared/domain/testing.ts";
import { sha256 } from "../ledger/sha256.ts";
import { createTestBed, slugOf, type TestBed } from "./test-bed.ts";

let bed: TestBed;
let headers: { authorization: string };
beforeAll(async () => {
  bed = await createTestBed();
  headers = await bed.organiser();
});
afterAll(() => bed.close());

const post = (url: string, more: Record<string, string> = {}) =>
  bed.api.inject({ method: "POST", url: `/api/v1/polls${url}`, headers: { ...headers, ...more } });
const read = async (id: string) => (await bed.api.inject({ url: `/api/v1/polls/${id}`, headers })).json<Poll>();

async function closed() {
  const payload = {
    question: "Tea or coffee?",
    options: ["Tea", "Coffee"],
    counts: "last",
    results: "after-close",
    groups: [2, 5],
    randomUids: "accept",
    certify: "by-hand",
  };
  const made = await bed.api.inject({ method: "POST", url: "/api/v1/polls", headers, payload });
  const { id } = made.json<Poll>();
  for (const move of ["open", "close"]) await post(`/${id}/${move}`);
  return read(id);
}

test("the next round is a draft with the same words and rules, and names the first", async () => {
  const first = await closed();
  const reply = await post(`/${first.id}/rounds`);
  expect(reply.statusCode).toBe(201);
  const second = reply.json<Poll>();
  expect(reply.headers).toMatchObject({ location: `/api/v1/polls/${second.id}`, etag: `"${second.cursor}"` });
  const { question, options, counts, upTo, results, groups, randomUids, certify } = first;
  expect(second).toMatchObject({ question, options, counts, upTo, results, groups, randomUids, certify });
  expect(second).toMatchObject({ state: "draft", round: 2, first: first.id });
  expect(second.id).not.toBe(first.id);
  for (const move of ["open", "close"]) await post(`/${second.id}/${move}`);
  expect((await post(`/${second.id}/rounds`)).json()).toMatchObject({ round: 3, first: first.id });
  expect(await read(first.id)).toEqual(first);
});

test("a round's draft is edited like any, and stays that round", async () => {
  const { id: first } = await closed();
  const { id } = (await post(`/${first}/rounds`)).json<Poll>();
  const payload = { question: "Run-off?", options: ["Tea", "Water"], counts: "first" };
  const edited = await bed.api.inject({ method: "PUT", url: `/api/v1/polls/${id}`, headers, payload });
  expect(edited.json()).toMatchObject({ question: "Run-off?", round: 2, first });
});

test("a poll that still takes votes, or never did, has no next round", async () => {
  const id = await bed.draft();
  expect(slugOf(await post(`/${id}/rounds`))).toBe("not-closed");
  await bed.open(id);
  expect(slugOf(await post(`/${id}/rounds`))).toBe("not-closed");
  expect(slugOf(await post(`/${"f".repeat(32)}/rounds`))).toBe("unknown-poll");
});

test("a round has one next round, also when it is asked for twice at once; the refusal names it", async () => {
  const { id } = await closed();
  const replies = await Promise.all([1, 2, 3].map(() => post(`/${id}/rounds`)));
  expect(replies.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
  const made = replies.find(({ statusCode }) => statusCode === 201)?.json<Poll>();
  const refused = replies.find(({ statusCode }) => statusCode === 409);
  expect(refused && slugOf(refused)).toBe("round-exists");
  expect(refused?.json<{ detail: string }>().detail).toContain(made?.id);
});

test("If-Match compares the round before", async () => {
  const { id, cursor } = await closed();
  const moved = await post(`/${id}/rounds`, { "if-match": '"1"' });
  expect([moved.statusCode, slugOf(moved)]).toEqual([412, "moved-on"]);
  expect((await post(`/${id}/rounds`, { "if-match": `"${cursor}"` })).statusCode).toBe(201);
});

test("a poll whose words were erased cannot be asked again", async () => {
  const poll = testPoll(sha256, 77);
  for (const act of [poll.defined, poll.opened, poll.closed]) await bed.ledger.append(act);
  const reply = await post(`/${poll.definition.id}/rounds`);
  expect([reply.statusCode, slugOf(reply)]).toEqual([409, "words-erased"]);
});

test("there is a last round", async () => {
  const poll = testPoll(sha256, 78, { round: MAX_ROUNDS, first: "1".repeat(32) });
  for (const act of [poll.defined, poll.opened, poll.closed]) await bed.ledger.append(act);
  const reply = await post(`/${poll.definition.id}/rounds`);
  expect([reply.statusCode, slugOf(reply)]).toEqual([409, "too-many-rounds"]);
});
