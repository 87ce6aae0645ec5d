/**
 * Who may act for the organiser: whoever knows the password, or can read the server's data directory (the owner).
 *
 * The password comes from the environment for this run, or from a file that the one-time set-up link fills.
 */
import { join } from "node:path";
import * as v from "valibot";
import { MIN_PASSWORD_LENGTH, NewPassword } from "../../shared/api/access.ts";
import { StoredPassword, hashPassword, verifyPassword } from "./password.ts";
import { SecretFileFault, readSecretFile, writeSecretFile } from "../files/secret-file.ts";
import { createSessions } from "./sessions.ts";
import { createThrottle } from "./throttle.ts";
import { KeptToken, newToken } from "./token.ts";

export const ADMIN_FILE = "admin.json";
/** Whoever can read this file of the data directory is the owner; `npm start` enrols its own station with it. */
export const OWNER_TOKEN_FILE = "owner-token";
export const PASSWORD_VARIABLE = "POLLING_STATION_ADMIN_PASSWORD";

export type LoggedIn =
  | { ok: true; token: string; expiresAtMs: number }
  | { ok: false; why: "wrong-password" | "not-set-up" }
  | { ok: false; why: "too-many-attempts"; retryAfterMs: number };

type PasswordSet = { ok: true } | { ok: false; why: "already-set-up" | "wrong-setup-token" };

export interface Admin {
  /** Goes into the link `/setup#<token>`, printed once; null when there is a password. New with each start. */
  readonly setUpToken: string | null;
  /** `address` is the caller's, for the rate limit. */
  logIn(password: string, address: string): Promise<LoggedIn>;
  /** Throws `SecretFileFault` when the disk does not take it; the token is good for another try then. */
  setUp(token: string, password: string): Promise<PasswordSet>;
  /** Is this bearer token a live session's, or the owner's? */
  isOrganiser(bearer: string): boolean;
  /** False when it was no session's. */
  logOut(bearer: string): boolean;
}

export interface AdminOptions {
  clock: () => number;
  /** What the environment says; "" and undefined are no password. */
  password?: string | undefined;
  hash?: (password: string) => Promise<StoredPassword>;
}

/** The password in the environment is too short. The message is one line for whoever started the server. */
export class PasswordUnusable extends Error {
  readonly code = "password-unusable";
}

/** Each takes one of four threads for a quarter of a second, and ballots' signatures are checked by the same. */
const MAX_CHECKS = 2;
const BUSY_MS = 1_000;

const AdminFile = v.strictObject({ password: StoredPassword });

/** Read who may act, from a data directory; writes a fresh owner token. Throws `PasswordUnusable`, `SecretFileFault`. */
export async function openAdmin(directory: string, options: AdminOptions): Promise<Admin> {
  const { clock, password, hash = hashPassword } = options;
  const path = join(directory, ADMIN_FILE);
  let stored = password ? await hash(checkPassword(password)) : readPassword(path);
  const owner = newToken();
  writeSecretFile(join(directory, OWNER_TOKEN_FILE), owner);
  const keptOwner = new KeptToken(owner);
  const setUpToken = stored === undefined ? newToken() : null;
  let keptSetUp = setUpToken === null ? null : new KeptToken(setUpToken);
  const sessions = createSessions(clock);
  const throttle = createThrottle(clock);
  let checking = 0;
  const checked = async (kept: StoredPassword, typed: string) => {
    checking += 1;
    try {
      return await verifyPassword(kept, typed);
    } finally {
      checking -= 1;
    }
  };

  return {
    setUpToken,
    async logIn(typed, address) {
      if (stored === undefined) return { ok: false, why: "not-set-up" };
      if (checking >= MAX_CHECKS) return { ok: false, why: "too-many-attempts", retryAfterMs: BUSY_MS };
      const retryAfterMs = throttle.attempt(address);
      if (retryAfterMs > 0) return { ok: false, why: "too-many-attempts", retryAfterMs };
      if (!(await checked(stored, typed))) return { ok: false, why: "wrong-password" };
      throttle.succeeded(address);
      return { ok: true, ...sessions.start() };
    },
    async setUp(token, chosen) {
      const expected = keptSetUp;
      if (expected === null) return { ok: false, why: "already-set-up" };
      if (!expected.fits(token)) return { ok: false, why: "wrong-setup-token" };
      // Taken before the first wait, so that of two at once one loses.
      keptSetUp = null;
      try {
        const fresh = await hash(chosen);
        writeSecretFile(path, JSON.stringify({ password: fresh }));
        stored = fresh;
        return { ok: true };
      } catch (error) {
        keptSetUp = expected;
        throw error;
      }
    },
    // Both are asked, so that the time does not tell which it was.
    isOrganiser: (bearer) => [sessions.use(bearer), keptOwner.fits(bearer)].some(Boolean),
    logOut: (bearer) => sessions.end(bearer),
  };
}

function checkPassword(password: string): string {
  if (v.is(NewPassword, password)) return password;
  throw new PasswordUnusable(
    `${PASSWORD_VARIABLE} needs ${MIN_PASSWORD_LENGTH} to 200 characters; set a longer one, or none to get a set-up link.`,
  );
}

/** The password kept in a file; undefined without one. Throws `SecretFileFault`. */
export function readPassword(path: string): StoredPassword | undefined {
  const text = readSecretFile(path);
  if (text === undefined) return undefined;
  try {
    return v.parse(AdminFile, JSON.parse(text)).password;
  } catch (error) {
    const remedy = "Put it back from a backup, or remove it and use the new set-up link that the next start prints.";
    throw new SecretFileFault("damaged", path, remedy, error);
  }
}
