/**
 * The station's word that no ballot of a poll will follow: said in each of its logs that others may still wait for, after
 * the last cast that was under way when the close was heard. From then on a tap for that poll is refused.
 */
import * as v from "valibot";
import { toHex } from "../../shared/bytes.ts";
import { decodeCbor, encodeCbor } from "../../shared/cbor.ts";
import type { DrainedRecord } from "../../shared/domain/record.ts";

/** Until the disk takes records again; it is looked at as often. */
const AGAIN_MS = 3_000;

export interface DrainSurroundings {
  /** Resolves when all casts begun before the call are done, stored or not. */
  settled: () => Promise<void>;
  /** Polls that are closed and not certified. */
  closed: () => readonly Uint8Array[];
  /** The log that records go to now, hexadecimal; undefined before there is one. */
  currentLog: () => string | undefined;
  /** Other logs of this event that nothing continues, and whose end the server therefore waits for. */
  leafLogs: () => readonly string[];
  /** Store at the end of that log; false when the disk did not take it. */
  note: (record: DrainedRecord, log: string) => Promise<boolean>;
  logMs: () => number;
  setTimer: (run: () => void, delayMs: number) => () => void;
  /** What `keep` was last given. */
  kept: Uint8Array | undefined;
  keep: (bytes: Uint8Array) => void;
}

export interface Drain {
  /** A poll was closed, or there is another log: say what is not said yet. Resolves when it is, or the disk fails. */
  look(): Promise<void>;
  stop(): void;
}

const Said = v.array(v.string());

export function createDrain(around: DrainSurroundings): Drain {
  const parsed = v.safeParse(Said, around.kept && decodeCbor(around.kept));
  /** `log/poll`, once each. */
  const said = new Set(parsed.success ? parsed.output : []);
  let cancelAgain = () => {};
  let running: Promise<void> | null = null;
  let asked = false;
  let stopped = false;

  const logs = () => new Set([around.currentLog(), ...around.leafLogs()].filter((log) => log !== undefined));
  const sayAll = async (): Promise<boolean> => {
    const polls = around.closed();
    await around.settled();
    for (const poll of polls) {
      for (const log of logs()) {
        const word = `${log}/${toHex(poll)}`;
        if (said.has(word)) continue;
        if (stopped || !(await around.note({ kind: "drained", poll, ms: around.logMs() }, log))) return false;
        said.add(word);
        remember();
      }
    }
    return true;
  };
  /** Only of logs and polls that matter still: a restart must not say it again in an old log. */
  const remember = () => {
    const closed = new Set(around.closed().map(toHex));
    const all = logs();
    const fresh = [...said].filter((word) => {
      const [log = "", poll = ""] = word.split("/");
      return all.has(log) && closed.has(poll);
    });
    around.keep(encodeCbor(fresh));
  };
  const run = async () => {
    try {
      while (asked) {
        asked = false;
        if (stopped || (await sayAll())) continue;
        cancelAgain();
        if (!stopped) cancelAgain = around.setTimer(() => void look(), AGAIN_MS);
        return;
      }
    } finally {
      running = null;
    }
  };
  const look = (): Promise<void> => {
    asked = true;
    running ??= run();
    return running;
  };

  return {
    look,
    stop() {
      stopped = true;
      cancelAgain();
    },
  };
}
