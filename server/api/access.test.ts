import { afterEach, beforeEach, expect, test } from "vitest";
import { SESSION_MS } from "../admin/sessions.ts";
import { PASSWORD, createTestBed, slugOf, type TestBed } from "./test-bed.ts";

let bed: TestBed;
beforeEach(async () => {
  bed = await createTestBed();
});
afterEach(() => bed.close());

const logIn = (password: unknown, remoteAddress = "10.0.0.1") =>
  bed.api.inject({ method: "POST", url: "/api/v1/sessions", payload: { password }, remoteAddress });
const stations = (token: string) =>
  bed.api.inject({ url: "/api/v1/stations", headers: { authorization: `Bearer ${token}` } });

test("the password buys a token, which is good until it is logged out or twelve hours unused", async () => {
  const reply = await logIn(PASSWORD);
  expect(reply.statusCode).toBe(201);
  const { token, expiresAt } = reply.json<{ token: string; expiresAt: string }>();
  expect(expiresAt).toBe("2026-05-01T21:00:00.000Z");
  expect((await stations(token)).statusCode).toBe(200);
  const headers = { authorization: `Bearer ${token}` };
  const out = await bed.api.inject({ method: "DELETE", url: "/api/v1/sessions/current", headers });
  expect([out.statusCode, out.body]).toEqual([204, ""]);
  expect((await stations(token)).statusCode).toBe(401);
  const second = (await logIn(PASSWORD)).json<{ token: string }>().token;
  bed.pass(SESSION_MS);
  const late = await stations(second);
  expect([late.statusCode, slugOf(late)]).toEqual([401, "not-logged-in"]);
});

test("guessing is slowed down, for the guesser only, and says for how long", async () => {
  for (let i = 0; i < 4; i++) expect(slugOf(await logIn(`guess ${i}`))).toBe("wrong-password");
  const refused = await logIn(PASSWORD);
  expect([refused.statusCode, slugOf(refused)]).toEqual([429, "too-many-attempts"]);
  expect(refused.headers["retry-after"]).toBe("1");
  expect((await logIn(PASSWORD, "10.0.0.2")).statusCode).toBe(201);
  bed.pass(1000);
  expect((await logIn(PASSWORD)).statusCode).toBe(201);
});

test("a password that is no text, and one longer than any, are refused without being repeated", async () => {
  const number = await logIn(12_345_678_901);
  expect([number.statusCode, slugOf(number)]).toEqual([422, "invalid-body"]);
  expect(number.body).not.toContain("12345678901");
  const long = await logIn("secret".repeat(100));
  expect(long.statusCode).toBe(422);
  expect(long.body).not.toContain("secret");
});

test("the set-up link's token sets the first password once", async () => {
  const { api, admin, close } = await createTestBed({ password: "" });
  const setUp = (token: string, password: string) =>
    api.inject({ method: "POST", url: "/api/v1/setup", payload: { token, password } });
  const early = await api.inject({ method: "POST", url: "/api/v1/sessions", payload: { password: PASSWORD } });
  expect([early.statusCode, slugOf(early)]).toEqual([409, "not-set-up"]);
  const token = admin.setUpToken ?? "";
  expect(slugOf(await setUp("wrong", PASSWORD))).toBe("wrong-setup-token");
  expect(slugOf(await setUp(token, "short"))).toBe("invalid-body");
  expect((await setUp(token, PASSWORD)).statusCode).toBe(204);
  expect(slugOf(await setUp(token, PASSWORD))).toBe("already-set-up");
  const later = await api.inject({ method: "POST", url: "/api/v1/sessions", payload: { password: PASSWORD } });
  expect(later.statusCode).toBe(201);
  await close();
});

test("neither a password nor a token reaches the journal", async () => {
  const broken = await createTestBed({
    watch: {
      health: () => {
        throw new Error(`so that something is said of ${PASSWORD}`);
      },
    },
  });
  const ask = (url: string, password: string) =>
    broken.api.inject({ method: "POST", url: `/api/v1/sessions${url}`, payload: { password } });
  const { token } = (await ask("", PASSWORD)).json<{ token: string }>();
  const headers = { authorization: `Bearer ${token}` };
  await ask("", "another wrong password");
  await ask(`?token=${token}`, PASSWORD);
  await broken.api.inject({ url: "/healthz", headers });
  await broken.api.inject({ url: `/healthz?token=${token}`, headers });
  await broken.api.inject({ url: `/nobody/${token}`, headers });
  await broken.api.inject({ method: "POST", url: "/api/v1/setup", payload: { token, password: "new password" } });
  const { journal } = broken;
  await broken.close();
  expect(journal.heard()).toMatch(/"event":"api.failed","route":"GET \/healthz","error":"Error".*access\.test\.ts:\d/);
  expect(journal.events()).toEqual(expect.arrayContaining(["admin.logged-in", "admin.login-failed", "api.refused"]));
  expect(journal.events()).not.toContain("journal.refused");
  for (const secret of [token, PASSWORD, "new password", "another wrong password"]) {
    expect(journal.heard()).not.toContain(secret);
  }
});

test("every reply tells browsers to trust nothing, and the set-up page only its own files", async () => {
  const { headers } = await bed.api.inject("/healthz");
  expect(headers["content-security-policy"]).toContain("default-src 'none'");
  expect(headers).toMatchObject({ "referrer-policy": "no-referrer", "x-frame-options": "DENY" });
  expect(headers["strict-transport-security"]).toBeUndefined();
  expect(headers["access-control-allow-origin"]).toBeUndefined();
  const page = await bed.api.inject("/setup");
  expect([page.statusCode, page.headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
  expect(page.headers["content-security-policy"]).toContain("script-src 'self'");
  expect(page.body).not.toMatch(/<script>|<style>|style=|onclick=/);
  for (const file of ["/setup/setup.js", "/setup/setup.css"]) {
    expect((await bed.api.inject(file)).statusCode).toBe(200);
  }
  expect((await bed.api.inject("/setup/../admin.ts")).statusCode).toBe(404);
});
