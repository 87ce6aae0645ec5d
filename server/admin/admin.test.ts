import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ADMIN_FILE, OWNER_TOKEN_FILE, PasswordUnusable, openAdmin, type LoggedIn } from "./admin.ts";
import { hashPassword, verifyPassword } from "./password.ts";
import { SecretFileFault } from "../files/secret-file.ts";
import { MAX_SESSIONS, SESSION_MS } from "./sessions.ts";

const hash = (password: string) => hashPassword(password, 16);
const PASSWORD = "correct horse";
let directory: string;
let nowMs: number;
const clock = () => nowMs;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "polling-station-admin-"));
  nowMs = 1_000_000;
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const tokenOf = (loggedIn: LoggedIn): string => {
  if (!loggedIn.ok) throw new Error(loggedIn.why);
  return loggedIn.token;
};

test("the set-up link sets the password once, and it is good after a restart", async () => {
  const admin = await openAdmin(directory, { clock, hash });
  const token = admin.setUpToken ?? "";
  expect(await admin.logIn(PASSWORD, "a")).toEqual({ ok: false, why: "not-set-up" });
  expect(await admin.setUp("wrong", PASSWORD)).toEqual({ ok: false, why: "wrong-setup-token" });
  expect(await admin.setUp(token, PASSWORD)).toEqual({ ok: true });
  expect(await admin.setUp(token, "another one")).toEqual({ ok: false, why: "already-set-up" });
  const again = await openAdmin(directory, { clock, hash });
  expect(again.setUpToken).toBeNull();
  expect(await again.logIn(PASSWORD, "a")).toMatchObject({ ok: true });
});

test("of two who follow the link at once, one sets the password", async () => {
  const admin = await openAdmin(directory, { clock, hash });
  const token = admin.setUpToken ?? "";
  const both = await Promise.all([admin.setUp(token, "first one!"), admin.setUp(token, "second one!")]);
  expect(both.filter(({ ok }) => ok)).toHaveLength(1);
});

test("the password in the environment is the password of this run, and is not written down", async () => {
  const first = await openAdmin(directory, { clock, hash });
  await first.setUp(first.setUpToken ?? "", PASSWORD);
  const admin = await openAdmin(directory, { clock, hash, password: "from the environment" });
  expect(await admin.logIn("from the environment", "a")).toMatchObject({ ok: true });
  expect(await admin.logIn(PASSWORD, "a")).toMatchObject({ ok: false, why: "wrong-password" });
  const all = readdirSync(directory).map((name) => readFileSync(join(directory, name), "utf8"));
  expect(all.join()).not.toContain("from the environment");
});

test("a password too short in the environment is refused with the remedy", async () => {
  await expect(openAdmin(directory, { clock, hash, password: "short" })).rejects.toThrow(PasswordUnusable);
});

test("a session ends twelve hours after its last use, and at once when logged out", async () => {
  const admin = await openAdmin(directory, { clock, hash, password: PASSWORD });
  const token = tokenOf(await admin.logIn(PASSWORD, "a"));
  nowMs += SESSION_MS - 1;
  expect(admin.isOrganiser(token)).toBe(true);
  nowMs += SESSION_MS - 1;
  expect(admin.isOrganiser(token)).toBe(true);
  nowMs += SESSION_MS;
  expect(admin.isOrganiser(token)).toBe(false);
  const other = tokenOf(await admin.logIn(PASSWORD, "a"));
  expect(admin.logOut(other)).toBe(true);
  expect(admin.isOrganiser(other)).toBe(false);
});

test("sessions are bounded: the one unused for longest gives way", async () => {
  const admin = await openAdmin(directory, { clock, hash, password: PASSWORD });
  const first = tokenOf(await admin.logIn(PASSWORD, "a"));
  const second = tokenOf(await admin.logIn(PASSWORD, "a"));
  expect(admin.isOrganiser(first)).toBe(true);
  for (let i = 0; i < MAX_SESSIONS - 1; i++) tokenOf(await admin.logIn(PASSWORD, "a"));
  expect(admin.isOrganiser(first)).toBe(true);
  expect(admin.isOrganiser(second)).toBe(false);
});

test("of guesses made at once two are compared at a time, and all share one budget", async () => {
  const admin = await openAdmin(directory, { clock, hash, password: PASSWORD });
  const whys: string[] = [];
  for (let round = 0; round < 5; round++) {
    const guesses = await Promise.all(Array.from({ length: 10 }, () => admin.logIn("wrong password", "a")));
    whys.push(...guesses.map((guess) => (guess.ok ? "in" : guess.why)));
  }
  expect(whys.slice(0, 10).filter((why) => why === "wrong-password")).toHaveLength(2);
  expect(whys.filter((why) => why === "wrong-password")).toHaveLength(4);
  expect(whys.filter((why) => why === "too-many-attempts")).toHaveLength(46);
  expect(await admin.logIn(PASSWORD, "a")).toMatchObject({ ok: false, why: "too-many-attempts" });
  expect(await admin.logIn(PASSWORD, "b")).toMatchObject({ ok: true });
});

test("whoever can read the data directory is the owner, until the next start", async () => {
  const admin = await openAdmin(directory, { clock, hash });
  const path = join(directory, OWNER_TOKEN_FILE);
  const owner = readFileSync(path, "utf8");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(admin.isOrganiser(owner)).toBe(true);
  expect(admin.isOrganiser(`${owner}x`)).toBe(false);
  expect((await openAdmin(directory, { clock, hash })).isOrganiser(owner)).toBe(false);
});

test("a password file with a cost that scrypt does not know is damaged, and told so at the start", async () => {
  const password = { n: 12_345, salt: "0".repeat(32), hash: "0".repeat(64) };
  writeFileSync(join(directory, ADMIN_FILE), JSON.stringify({ password }));
  await expect(openAdmin(directory, { clock, hash })).rejects.toMatchObject({ code: "damaged" });
});

test("a damaged password file is a fault that names it, never an open door", async () => {
  writeFileSync(join(directory, ADMIN_FILE), "{");
  const opened = openAdmin(directory, { clock, hash });
  await expect(opened).rejects.toThrow(SecretFileFault);
  await expect(opened).rejects.toThrow(ADMIN_FILE);
});

test("the password file is for its owner alone and holds no password", async () => {
  const admin = await openAdmin(directory, { clock, hash });
  await admin.setUp(admin.setUpToken ?? "", PASSWORD);
  const path = join(directory, ADMIN_FILE);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, "utf8")).not.toContain(PASSWORD);
});

test("a hash of full cost verifies its password however the keyboard composes letters", async () => {
  const stored = await hashPassword("Käsebrötchen");
  expect(await verifyPassword(stored, "Käsebrötchen".normalize("NFD"))).toBe(true);
  expect(await verifyPassword(stored, "Kasebrotchen")).toBe(false);
});
