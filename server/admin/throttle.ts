/**
 * Guessing made slow: a delay that grows with the failures of one address, and a gentler one with everybody's.
 *
 * An attempt counts as failed from its start until it succeeds, so that guesses made at once share one budget. Whoever logged
 * in from an address before, or sits at the server itself, does not wait for what others do: nobody keeps the organiser out.
 */
import { isLoopback } from "../api/hosts.ts";

export interface ThrottleLimits {
  /** Failures without a delay: people mistype. */
  free: number;
  /** Delay after the first one more; doubles with each further one. */
  firstDelayMs: number;
  maxDelayMs: number;
  /** After this long without a failure all is forgotten. */
  forgetMs: number;
}

export interface Throttle {
  /** 0: go on, and say `succeeded` if it did. Otherwise how long to wait. */
  attempt(address: string): number;
  succeeded(address: string): void;
}

interface Failures {
  count: number;
  lastMs: number;
}

/** For each address: 4 mistakes free, then 1 s, 2 s … up to 5 minutes. */
export const PER_ADDRESS: ThrottleLimits = { free: 4, firstDelayMs: 1000, maxDelayMs: 300_000, forgetMs: 900_000 };
/**
 * Over all addresses: 40 free, then up to 4 s between attempts. Enough against many guessing machines together, and
 * still lets the organiser in while they try.
 */
export const OVER_ALL: ThrottleLimits = { free: 40, firstDelayMs: 250, maxDelayMs: 4000, forgetMs: 900_000 };
/** Addresses remembered at once; beyond it the oldest is forgotten, and the bound over all still holds. */
const MAX_ADDRESSES = 2000;
/** Addresses somebody logged in from: a team with several devices each. */
const MAX_PROVEN = 100;

export function createThrottle(clock: () => number, perAddress = PER_ADDRESS, overAll = OVER_ALL): Throttle {
  const addresses = new Map<string, Failures>();
  /** Who guesses from a hundred addresses takes every attempt that the bound over all leaves; not from these. */
  const proven = new Set<string>();
  let all: Failures = { count: 0, lastMs: 0 };
  return {
    attempt(address) {
      const nowMs = clock();
      const key = network(address);
      const own = recent(addresses.get(key), nowMs, perAddress);
      all = recent(all, nowMs, overAll);
      const shared = proven.has(key) || isLoopback(address) ? 0 : waitOf(all, nowMs, overAll);
      const waitMs = Math.max(waitOf(own, nowMs, perAddress), shared);
      if (waitMs > 0) return waitMs;
      // Put anew, so that the map is in order of the last failure.
      addresses.delete(key);
      addresses.set(key, { count: own.count + 1, lastMs: nowMs });
      all = { count: all.count + 1, lastMs: nowMs };
      if (addresses.size > MAX_ADDRESSES) {
        const [oldest] = addresses.keys();
        if (oldest !== undefined) addresses.delete(oldest);
      }
      return 0;
    },
    succeeded(address) {
      const key = network(address);
      addresses.delete(key);
      proven.delete(key);
      proven.add(key);
      const [oldest] = proven.size > MAX_PROVEN ? proven : [];
      if (oldest !== undefined) proven.delete(oldest);
      all = { ...all, count: Math.max(0, all.count - 1) };
    },
  };
}

function recent(failures: Failures | undefined, nowMs: number, { forgetMs }: ThrottleLimits): Failures {
  if (failures === undefined || nowMs - failures.lastMs > forgetMs) return { count: 0, lastMs: nowMs };
  return failures;
}

function waitOf({ count, lastMs }: Failures, nowMs: number, limits: ThrottleLimits): number {
  if (count < limits.free) return 0;
  const delayMs = Math.min(limits.maxDelayMs, limits.firstDelayMs * 2 ** (count - limits.free));
  // A clock set back must not lock anybody out for longer than the delay.
  return Math.max(0, delayMs - Math.max(0, nowMs - lastMs));
}

/** An IPv6 host has a whole /64 to itself and may call from any of it; its first four groups, written out. */
function network(address: string): string {
  if (!address.includes(":") || address.includes(".")) return address;
  const [before = "", after] = address.split("::", 2);
  const groups = before.split(":");
  if (after === undefined) return groups.slice(0, 4).join(":");
  const tail = after.split(":");
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - tail.length) }, () => "0");
  return [...groups, ...zeros, ...tail]
    .slice(0, 4)
    .map((group) => group || "0")
    .join(":");
}
