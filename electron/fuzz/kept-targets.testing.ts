/** What the station finds on its disk, fuzzed: rows of its logs, and what it kept of the picture, the roll and its word. */
import { DatabaseSync } from "node:sqlite";
import { toHex } from "../../shared/bytes.ts";
import { encodeCbor } from "../../shared/cbor.ts";
import type { Random } from "../../shared/domain/model/random.testing.ts";
import { encodeDefinition } from "../../shared/domain/poll.ts";
import { encodeHeader, encodeRecord, firstHash } from "../../shared/domain/record.ts";
import { encodeRollChunk, decodeRollChunk } from "../../shared/domain/roll.ts";
import { testPoll, testTag } from "../../shared/domain/testing.ts";
import { must, type Target } from "../../shared/fuzz/fuzz.testing.ts";
import { mutateTree, type Tree } from "../../shared/fuzz/mutate-tree.testing.ts";
import { cborSamples, mutateCbor } from "../../shared/fuzz/spell-cbor.testing.ts";
import { FRAME } from "../../shared/link/frames.ts";
import { createDrain } from "../ballot/drain.ts";
import { ballotAt, clockAt, sha256 } from "../log/log-bed.testing.ts";
import { unusableCode } from "../log/disk-trouble.ts";
import { readLogs } from "../log/stored-logs.ts";
import { decodePicture, encodePicture } from "../picture/kept-picture.ts";
import { pollOfWord } from "../picture/picture.ts";
import { createRoll } from "../roll/roll.ts";
import { chunkRows } from "../roll/roll-table.ts";

export function keptTargets(): Target[] {
  return [pictureTarget(), rollTarget(), drainedTarget(), logsTarget()];
}

function pictureTarget(): Target {
  const words = [1, 2].map((number) => {
    const bytes = encodeDefinition(testPoll(sha256, number).definition);
    const poll = pollOfWord([FRAME.poll, 7, [1, 1, [[1, null]], null, null], bytes, new Uint8Array(64)], sha256);
    if (poll === undefined) throw new Error("no poll");
    return poll;
  });
  const picture = new Map(words.map((poll) => [toHex(poll.hash), { ...poll, tally: [1, 2, 3], tallyCursor: 9 }]));
  const kept = encodePicture({ title: "Fair", epoch: new Uint8Array(8), picture });
  const samples = cborSamples([kept]);
  return {
    name: "the kept picture",
    outcomes: ["polls", "empty"],
    next(random) {
      const bytes = mutateCbor(random, samples);
      return {
        shown: () => toHex(bytes),
        attempt() {
          const read = decodePicture(bytes, sha256);
          const again = decodePicture(encodePicture(read), sha256);
          must(toHex(encodePicture(again)) === toHex(encodePicture(read)), "what is kept is found again");
          return read.picture.size > 0 ? "polls" : "empty";
        },
      };
    },
  };
}

function rollTarget(): Target {
  const tags = [1, 2, 3].map((number) => ({ tagKey: testTag(number), voter: number, weight: 1, group: number }));
  const chunk = encodeRollChunk(tags);
  const rows = chunkRows(decodeRollChunk(chunk) ?? []);
  const samples = cborSamples([encodeCbor([2, 32, [sha256(chunk)]]), encodeCbor([1, sha256(chunk), rows])]);
  const [roll, part] = samples;
  if (roll === undefined || part === undefined) throw new Error("no samples");
  return {
    name: "the kept roll",
    outcomes: ["anyone", "some"],
    next(random) {
      const damaged = random.below(3);
      const list = damaged === 0 ? mutateCbor(random, [roll]) : roll.bytes;
      const first = damaged === 1 ? mutateCbor(random, [part]) : part.bytes;
      const second = damaged === 2 ? mutateCbor(random, samples) : new Uint8Array();
      const kept = new Map([
        ["roll", list],
        ["roll/0", first],
        ["roll/399", second],
      ]);
      return {
        shown: () => [...kept].map(([name, bytes]) => `${name} ${toHex(bytes)}`).join("; "),
        attempt() {
          const read = createRoll({ kept, keep: () => {}, sha256, lfBits: () => 32 });
          const asked = [1, 2, 3, 4].map((number) => read.refusal(testTag(number), number === 2 ? [2] : []));
          if (asked.every((answer) => answer === null)) return "anyone";
          return asked.includes(null) ? "some" : "nobody";
        },
      };
    },
  };
}

function drainedTarget(): Target {
  const poll = new Uint8Array(8).fill(7);
  const log = "ab".repeat(16);
  const samples = cborSamples([encodeCbor([`${log}/${toHex(poll)}`, `${log}/${"0".repeat(16)}`]), encodeCbor([])]);
  return {
    name: "the kept word that polls are drained",
    outcomes: ["said before", "said now"],
    next(random) {
      const kept = mutateCbor(random, samples);
      return {
        shown: () => toHex(kept),
        async attempt() {
          let said = 0;
          const drain = createDrain({
            settled: () => Promise.resolve(),
            closed: () => [poll],
            currentLog: () => log,
            leafLogs: () => [],
            note: () => Promise.resolve(++said > 0),
            logMs: () => 1,
            setTimer: () => () => {},
            kept,
            keep: () => {},
          });
          await drain.look();
          await drain.look();
          must(said <= 1, "it is said once");
          return said === 0 ? "said before" : "said now";
        },
      };
    },
  };
}

/** As in log-database.ts, but for `STRICT`: a damaged page may hold a value of any type. */
const TABLES = `
  CREATE TABLE logs (
    no INTEGER, log BLOB, header BLOB, signature BLOB, first_hash BLOB, acked INTEGER, standing TEXT, was_current INTEGER,
    heard INTEGER);
  CREATE TABLE records (log_no INTEGER, number INTEGER, record BLOB, hash BLOB);`;

function logsTarget(): Target {
  const id = new Uint8Array(16).fill(9);
  const header = encodeHeader({ log: id, station: id, event: id, openedAtMs: 5, parent: null });
  const logRow: Tree = [1, id, header, new Uint8Array(64), firstHash(sha256, header), 1, "taken", 1, 1];
  const recordRows: Tree[] = [clockAt(1), ballotAt(2)].map((record, at) => [
    1,
    at + 1,
    encodeRecord(record),
    sha256(id),
  ]);
  const database = new DatabaseSync(":memory:");
  database.exec(TABLES);
  const putLog = database.prepare("INSERT INTO logs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const putRecord = database.prepare("INSERT INTO records VALUES (?, ?, ?, ?)");
  return {
    name: "rows of the station's logs",
    outcomes: ["read", "damaged"],
    next(random) {
      const log = columns(random, logRow, 9);
      const records = recordRows.map((row) => (random.oneIn(3) ? columns(random, row, 4) : columnsOf(row, 4)));
      return {
        shown: () => JSON.stringify([log, ...records].map((row) => row.map(textOf))),
        attempt() {
          database.exec("DELETE FROM logs; DELETE FROM records");
          putLog.run(...log);
          for (const record of records) putRecord.run(...record);
          try {
            const [stored] = readLogs(database);
            must(stored === undefined || stored.acked <= stored.head, "nothing beyond the end is acknowledged");
            return "read";
          } catch (error) {
            if (unusableCode(error) === "data-corrupt") return "damaged";
            throw error;
          }
        },
      };
    },
  };
}

type Column = null | number | string | Uint8Array;

function columns(random: Random, row: Tree, count: number): Column[] {
  return columnsOf(mutateTree(random, row, [row]), count);
}

/** A tree as the values of a row: what SQLite has no type for is stored as what it came from, text. */
function columnsOf(tree: Tree, count: number): Column[] {
  const fields = Array.isArray(tree) ? tree : [tree];
  return Array.from({ length: count }, (_, at): Column => {
    const field = fields[at] ?? null;
    if (field === null || typeof field === "number" || typeof field === "string") return field;
    return field instanceof Uint8Array ? field : JSON.stringify(field);
  });
}

function textOf(column: Column): string {
  return column instanceof Uint8Array ? toHex(column) : String(column);
}
