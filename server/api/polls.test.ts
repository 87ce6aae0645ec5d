import { afterAll, beforeAll, expect, test } from "vitest";
import type { Poll, Tally } from "../../shared/api/polls.ts";
import type { Problem } from "../../shared/api/problem.ts";
import { testPoll } from "../../shared/domain/testing.ts";
import { sha256 } from "../ledger/sha256.ts";
import { createTestBed, slugOf, type TestBed } from "./test-bed.ts";

let bed: TestBed;
let headers: { authorization: string };
const WORDS = { question: "Tea or coffee?", options: ["Tea", "Coffee"], counts: "first" };
beforeAll(async () => {
  bed = await createTestBed();
  headers = await bed.organiser();
});
afterAll(() => bed.close());

const post = (url: string, payload?: unknown, more: Record<string, string> = {}) =>
  bed.api.inject({
    method: "POST",
    url: `/api/v1${url}`,
    headers: { ...headers, ...more },
    ...(payload !== undefined && { payload: payload as object }),
  });
const put = (url: string, payload: object, more: Record<string, string> = {}) =>
  bed.api.inject({ method: "PUT", url: `/api/v1${url}`, headers: { ...headers, ...more }, payload });
const get = (url: string, as: Record<string, string> = headers) =>
  bed.api.inject({ method: "GET", url: `/api/v1${url}`, headers: as });

test("a poll is written as a draft, opened, paused, opened again and closed", async () => {
  const made = await post("/polls", { ...WORDS, question: "  Tea or coffee?  " });
  expect(made.statusCode).toBe(201);
  const poll = made.json<Poll>();
  expect(poll).toMatchObject({ ...WORDS, state: "draft", windows: [], closedAt: null, certified: null });
  expect(poll).toMatchObject({ groups: [], randomUids: "refuse", certify: "by-itself", round: 1, first: null });
  expect(made.headers).toMatchObject({ location: `/api/v1/polls/${poll.id}`, etag: `"${poll.cursor}"` });
  const states: string[] = [];
  for (const move of ["open", "pause", "open", "close"]) {
    bed.pass(60_000);
    const moved = await post(`/polls/${poll.id}/${move}`);
    expect(moved.statusCode).toBe(200);
    expect(moved.headers.etag).toBe(`"${moved.json<Poll>().cursor}"`);
    states.push(moved.json<Poll>().state);
  }
  expect(states).toEqual(["open", "paused", "open", "closed"]);
  const closed = (await get(`/polls/${poll.id}`)).json<Poll>();
  expect(closed.windows).toHaveLength(2);
  expect(closed.windows[1]?.to).toMatch(/^2026-05-01T09:\d\d:\d\d\.\d{3}Z$/);
  expect(closed.closedAt).toBe(closed.windows[1]?.to);
});

test.each([
  ["pause", "not-open"],
  ["close", "not-open"],
  ["open,open", "already-open"],
  ["open,pause,pause", "not-open"],
  ["open,close,open", "already-closed"],
  ["open,close,pause", "already-closed"],
  ["open,close,close", "already-closed"],
])("of the moves %s the last is refused as %s, with words", async (moves, slug) => {
  const id = await bed.draft();
  const replies = [];
  for (const move of moves.split(",")) replies.push(await post(`/polls/${id}/${move}`));
  const last = replies.at(-1);
  expect(replies.slice(0, -1).map(({ statusCode }) => statusCode)).toEqual(replies.slice(0, -1).map(() => 200));
  expect(last?.statusCode).toBe(409);
  expect(last && slugOf(last)).toBe(slug);
  expect(last?.json<Problem>().detail.length).toBeGreaterThan(20);
});

test("a draft is edited as often as one likes; an opened poll never", async () => {
  const id = await bed.draft();
  const edited = await put(`/polls/${id}`, { question: "Cake?", options: ["Yes", "No", "Later"], counts: "last" });
  expect(edited.json()).toMatchObject({ id, question: "Cake?", options: ["Yes", "No", "Later"], counts: "last" });
  await bed.open(id);
  const late = await put(`/polls/${id}`, WORDS);
  expect([late.statusCode, slugOf(late)]).toEqual([409, "not-draft"]);
  expect((await get(`/polls/${id}`)).json()).toMatchObject({ question: "Cake?" });
});

test("a poll that is not there is told as such by every route", async () => {
  const id = "f".repeat(32);
  const replies = await Promise.all([
    get(`/polls/${id}`),
    get(`/polls/${id}/tally`),
    get(`/polls/${id}/events`),
    put(`/polls/${id}`, WORDS),
    post(`/polls/${id}/open`),
    post(`/polls/${id}/close`, undefined, { "if-match": '"1"' }),
  ]);
  for (const reply of replies) expect([reply.statusCode, slugOf(reply)]).toEqual([404, "unknown-poll"]);
});

test("the public sees polls from their opening on, drafts never", async () => {
  const id = await bed.draft();
  const listed = async (as: Record<string, string>) => {
    const { polls } = (await get("/polls", as)).json<{ polls: Poll[] }>();
    return polls.some((poll) => poll.id === id);
  };
  expect([await listed({}), await listed(headers)]).toEqual([false, true]);
  for (const path of [`/polls/${id}`, `/polls/${id}/tally`, `/polls/${id}/events`]) {
    expect((await get(path, {})).statusCode).toBe(404);
  }
  await bed.open(id);
  expect(await listed({})).toBe(true);
  expect((await get(`/polls/${id}/tally`, {})).statusCode).toBe(200);
});

test("a tally says its poll, its place, its counts, and that it is provisional", async () => {
  const id = await bed.draft(["A", "B", "C"]);
  await bed.open(id);
  const tally = (await get(`/polls/${id}/tally`)).json<Tally>();
  const { cursor } = await bed.ledger.standing();
  expect(tally).toEqual({
    poll: id,
    cursor,
    state: "open",
    counts: [0, 0, 0],
    total: 0,
    provisional: true,
    unsynchronised: 0,
    late: 0,
  });
});

test("a change for a cursor that has moved on is refused and changes nothing", async () => {
  const id = await bed.draft();
  const seen = (await get(`/polls/${id}`)).headers.etag ?? "";
  expect((await put(`/polls/${id}`, { ...WORDS, question: "First?" }, { "if-match": seen })).statusCode).toBe(200);
  const second = await put(`/polls/${id}`, { ...WORDS, question: "Second?" }, { "if-match": seen });
  expect([second.statusCode, slugOf(second)]).toEqual([412, "moved-on"]);
  const now = await get(`/polls/${id}`);
  expect(now.json()).toMatchObject({ question: "First?" });
  expect(second.headers.etag).toBe(now.headers.etag);
});

test("what happens to other polls does not spoil a change for a cursor", async () => {
  const id = await bed.draft();
  const seen = (await get(`/polls/${id}`)).headers.etag ?? "";
  const others = Array.from({ length: 5 }, () => bed.draft());
  const opened = await post(`/polls/${id}/open`, undefined, { "if-match": seen });
  expect(opened.statusCode).toBe(200);
  await Promise.all(others);
});

test("of many changes for the same cursor at once, one is made", async () => {
  const id = await bed.draft();
  const seen = (await get(`/polls/${id}`)).headers.etag ?? "";
  const replies = await Promise.all(
    Array.from({ length: 8 }, (_, i) => put(`/polls/${id}`, { ...WORDS, question: `Q${i}` }, { "if-match": seen })),
  );
  expect(replies.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([200, ...Array(7).fill(412)]);
});

test("If-Match takes * for a poll that exists, and nothing that is no cursor", async () => {
  const id = await bed.draft();
  expect((await post(`/polls/${id}/open`, undefined, { "if-match": "*" })).statusCode).toBe(200);
  for (const header of ['W/"1"', "1", '"x"', '"1", "2"']) {
    const reply = await post(`/polls/${id}/pause`, undefined, { "if-match": header });
    expect([reply.statusCode, slugOf(reply)]).toEqual([400, "invalid-request"]);
  }
});

test("a read waits for the cursor it asks for", async () => {
  const id = await bed.draft();
  const { cursor } = await bed.ledger.standing();
  const read = get(`/polls/${id}?minCursor=${cursor + 1}`);
  await bed.open(id);
  expect((await read).json()).toMatchObject({ state: "open" });
});

test("a read for a cursor that does not come is told so after a bounded wait", async () => {
  const impatient = await createTestBed({ cursorWaitMs: 20 });
  const reply = await impatient.api.inject("/api/v1/polls?minCursor=999999");
  expect([reply.statusCode, slugOf(reply)]).toEqual([503, "cursor-not-reached"]);
  expect(reply.headers["retry-after"]).toBe("1");
  await impatient.close();
});

test("a poll whose words were erased keeps its number of options and its tally", async () => {
  const erased = await createTestBed();
  const id = "1".repeat(32);
  const { facts } = testPoll(sha256, 1, { counts: "last" });
  await erased.ledger.append({ kind: "poll-defined", ...facts, poll: id });
  await erased.open(id);
  const poll = await erased.api.inject(`/api/v1/polls/${id}`);
  expect(poll.json()).toMatchObject({ question: null, options: [null, null, null], counts: "last", state: "open" });
  expect((await erased.api.inject(`/api/v1/polls/${id}/tally`)).json()).toMatchObject({ counts: [0, 0, 0] });
  await erased.close();
});

test("a disk that does not take an act is told with its reason, and nothing is claimed", async () => {
  const id = await bed.draft();
  const failing = await createTestBed({
    ledger: { ...bed.ledger, append: async () => ({ ok: false, why: "not-stored", reason: "disk full. Free space." }) },
  });
  const reply = await failing.api.inject({
    method: "POST",
    url: `/api/v1/polls/${id}/open`,
    headers: await failing.organiser(),
  });
  expect([reply.statusCode, slugOf(reply), reply.json<Problem>().detail]).toEqual([
    503,
    "not-stored",
    "disk full. Free space.",
  ]);
  await failing.close();
});

test("a result is shown to the public when the poll says so, and to the organiser always", async () => {
  const hidden = async (path: string) => {
    const reply = await get(path, {});
    return reply.statusCode === 403 ? slugOf(reply) : reply.statusCode;
  };
  for (const results of ["after-vote", "after-close", "organiser"]) {
    const { id } = (await post("/polls", { ...WORDS, results })).json<Poll>();
    await bed.open(id);
    expect(await hidden(`/polls/${id}/tally`)).toBe("results-hidden");
    expect(await hidden(`/polls/${id}/events`)).toBe("results-hidden");
    expect((await get(`/polls/${id}/tally`)).json<Tally>()).toMatchObject({ counts: [0, 0] });
    await post(`/polls/${id}/close`);
    expect(await hidden(`/polls/${id}/tally`)).toBe(results === "organiser" ? "results-hidden" : 200);
  }
});
