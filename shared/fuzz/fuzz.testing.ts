/**
 * Fuzzing that can be had again: inputs near valid ones, chosen by a seed, and what came of them counted. For tests only.
 *
 * A target says for each input in a word what came of it, and throws when a promise is broken: something was thrown that is
 * not the parser's named fault, or a value is not what it was once written and read again.
 */
import { createRandom, type Random } from "../domain/model/random.testing.ts";

export interface Target {
  name: string;
  /**
   * Words that have to come up, accepting ones and refusing ones: a fuzzer whose inputs are all refused at the first byte
   * tests nothing.
   */
  outcomes: readonly string[];
  next(random: Random): Input;
}

export interface Input {
  /** For people, to have the very input again. */
  shown(): string;
  attempt(): string | Promise<string>;
  /** What has to be done before the next one, and is no part of it. */
  clearUp?(): Promise<void>;
}

export interface FuzzOptions {
  inputs: number;
  seed: number;
  /** A clock that never jumps. */
  nowMs: () => number;
  /** Bytes of memory this process holds. */
  heldBytes: () => number;
  /** Stop here although not all inputs were tried. */
  maxMs?: number;
}

export interface FuzzReport {
  target: string;
  seed: number;
  inputs: number;
  tookMs: number;
  slowestMs: number;
  grownBytes: number;
  outcomes: Record<string, number>;
}

/** No parser here takes a thousandth of this for the largest input; a machine under load may take its time. */
const HANG_MS = 30_000;
/** What a million inputs leave behind until the collector comes is below this; a leak of 1 KB each is above. */
const GROWTH_BYTES = 768 * 1024 * 1024;
/** Looking at memory costs more than most inputs. */
const LOOK_EVERY = 4_096;
/** An input shown in a message is to be read and copied, not to fill a screen. */
const SHOWN_LENGTH = 4_000;

/** Try a target's inputs. Throws with seed, number and input at the first broken promise. */
export async function fuzz(target: Target, options: FuzzOptions): Promise<FuzzReport> {
  const { inputs, seed, nowMs, heldBytes, maxMs = Number.POSITIVE_INFINITY } = options;
  const random = createRandom(seed);
  const counts = new Map<string, number>();
  const [startedMs, heldBefore] = [nowMs(), heldBytes()];
  let [tried, slowestMs, grownBytes, beganMs] = [0, 0, 0, startedMs];
  for (; tried < inputs && beganMs - startedMs < maxMs; tried++) {
    const input = target.next(random);
    const came = await outcomeOf(input, `${target.name}, seed ${seed}, input ${tried}`);
    counts.set(came, (counts.get(came) ?? 0) + 1);
    const doneMs = nowMs();
    slowestMs = Math.max(slowestMs, doneMs - beganMs);
    if (doneMs - beganMs > HANG_MS)
      throw new Error(`${target.name}, seed ${seed}, input ${tried}: ${cut(input.shown())} hangs`);
    if (input.clearUp !== undefined) await input.clearUp();
    beganMs = nowMs();
    if (tried % LOOK_EVERY === 0) grownBytes = Math.max(grownBytes, heldBytes() - heldBefore);
    if (grownBytes > GROWTH_BYTES) throw new Error(`${target.name}, seed ${seed}: memory grew by ${grownBytes} bytes`);
  }
  const missing = target.outcomes.filter((word) => !counts.has(word));
  const outcomes = Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  if (missing.length > 0) {
    throw new Error(`${target.name}, seed ${seed}: never ${missing.join(", ")}, only ${JSON.stringify(outcomes)}`);
  }
  return { target: target.name, seed, inputs: tried, tookMs: beganMs - startedMs, slowestMs, grownBytes, outcomes };
}

/** For targets: a promise, and whether it holds. */
export function must(holds: boolean, promise: string): void {
  if (!holds) throw new Error(`broken promise: ${promise}`);
}

async function outcomeOf(input: Input, which: string): Promise<string> {
  try {
    const came = input.attempt();
    return typeof came === "string" ? came : await came;
  } catch (error) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    throw new Error(`${which}: ${cut(input.shown())}\n${what}`, { cause: error });
  }
}

function cut(text: string): string {
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}… (${text.length} characters)` : text;
}

/** One line of a report. */
export function lineOf({ target, seed, inputs, tookMs, slowestMs, grownBytes, outcomes }: FuzzReport): string {
  const rate = Math.round(inputs / Math.max(1, tookMs / 1000));
  const words = Object.entries(outcomes).map(([word, count]) => `${word} ${count}`);
  const cost = `${(tookMs / 1000).toFixed(1)} s (${rate}/s, slowest ${slowestMs.toFixed(1)} ms, +${Math.round(grownBytes / 2 ** 20)} MiB)`;
  return `fuzz ${target}: seed ${seed}, ${inputs} inputs in ${cost}: ${words.join(", ")}`;
}
