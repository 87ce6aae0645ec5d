/** Passwords, codes and tokens guessed at over HTTP: it gets slow for who guesses, and stays open for who knows. */
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startServerProgram, type ServerProgram } from "../rig/server-program.ts";
import { until } from "../rig/within.ts";

const PASSWORD = "correct horse battery";
/** Mistypes that are free, see server/admin/throttle.ts. */
const FREE = 4;

let server: ServerProgram;
beforeAll(async () => {
  server = await startServerProgram({ env: { POLLING_STATION_ADMIN_PASSWORD: PASSWORD } });
});
afterAll(() => server.stop());

interface Reply {
  status: number | undefined;
  body: string;
}

/** A request as if from another computer; only Linux has all of 127.0.0.0/8. */
function ask(path: string, body: unknown, { from = "127.0.0.1", token = "" } = {}): Promise<Reply> {
  const headers = { "content-type": "application/json", ...(token === "" ? {} : { authorization: `Bearer ${token}` }) };
  const where = { method: "POST", headers, localAddress: from, agent: false };
  return new Promise((resolve, reject) => {
    const asked = request(new URL(`/api/v1${path}`, server.url), where, (reply) => {
      let text = "";
      reply.on("data", (data: Buffer) => (text += data.toString()));
      reply.on("end", () => resolve({ status: reply.statusCode, body: text }));
    });
    asked.on("error", reject).end(JSON.stringify(body));
  });
}

const logIn = (password: string, from?: string) => ask("/sessions", { password }, from === undefined ? {} : { from });

test.skipIf(process.platform !== "linux")(
  "guessed passwords are slowed down where they come from, and nowhere else",
  async () => {
    const statuses: (number | undefined)[] = [];
    const guesses = Array.from({ length: 12 }, async (_, at) => {
      statuses.push((await logIn(`guess number ${at}`, "127.0.0.66")).status);
    });
    // Those are told at once; the others are still compared.
    await until("the refusals", () => statuses.filter((status) => status === 429).length >= 12 - FREE);
    // The right one has to wait as well: else its answer would tell it.
    expect((await logIn(PASSWORD, "127.0.0.66")).status).toBe(429);
    await Promise.all(guesses);
    expect(statuses).toContain(401);
    expect(statuses.filter((status) => status !== 401 && status !== 429)).toEqual([]);
    expect((await logIn(PASSWORD, "127.0.0.7")).status).toBe(201);
  },
);

test("guessed codes of a station are slowed down, too", async () => {
  const token = readFileSync(join(server.data, "owner-token"), "utf8").trim();
  const codes = Array.from({ length: 8 }, (_, at) =>
    ask("/enrolments", { code: `3479-CDF${at}`, name: "x" }, { token }),
  );
  const statuses = (await Promise.all(codes)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 404)).toHaveLength(FREE);
  expect(statuses.filter((status) => status === 429)).toHaveLength(codes.length - FREE);
});

test("a token that is no token opens nothing, however it is spelled", async () => {
  const token = readFileSync(join(server.data, "owner-token"), "utf8").trim();
  for (const guess of ["x", token.slice(1), `${token}x`, token.toUpperCase(), "x".repeat(5_000)])
    expect((await ask("/polls", {}, { token: guess })).status).toBe(401);
  expect((await ask("/polls", {}, { token })).status).toBe(422);
});

test("a set-up link is good once and guessed by nobody", async () => {
  const fresh = await startServerProgram();
  const token = /setup#(\S+)/.exec(fresh.program.stdout())?.[1] ?? "";
  const setUp = (guess: string) =>
    fetch(new URL("/api/v1/setup", fresh.url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token: guess, password: PASSWORD }),
    });
  const guesses = Array.from({ length: 20 }, (_, at) => `${token.slice(0, -2)}${at}`.slice(0, 43));
  const refused = await Promise.all(guesses.filter((guess) => guess !== token).map(setUp));
  expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([403]));
  const both = await Promise.all([setUp(token), setUp(token)]);
  expect(new Set(both.map(({ status }) => status))).toEqual(new Set([204, 409]));
  expect((await setUp(token)).status).toBe(409);
  await fresh.stop();
});
