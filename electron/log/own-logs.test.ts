import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { toHex } from "../../shared/bytes.ts";
import { decodeHeader, encodeHeader, firstHash, headerToSign } from "../../shared/domain/record.ts";
import { stationId } from "../../shared/link/handshake.ts";
import { newStationKeyPem, signatureFits, stationKey } from "../identity/ed25519.ts";
import { sha256 } from "./log-bed.testing.ts";
import type { Heir, NewLog, StoredLog } from "./log-messages.ts";
import { createOwnLogs } from "./own-logs.ts";

const key = stationKey(newStationKeyPem());
const STATION = stationId(sha256, key.publicKey);
const EVENT = new Uint8Array(16).fill(1);
const OTHER_EVENT = new Uint8Array(16).fill(2);

/** A log as it might have been found. */
function foundLog(number: number, changes: Partial<StoredLog> & { event?: Uint8Array; parent?: StoredLog } = {}) {
  const { event = EVENT, parent, ...stored } = changes;
  const log = new Uint8Array(16).fill(number);
  const place = parent === undefined ? null : { log: parent.log, number: parent.head, hash: parent.hash };
  const header = encodeHeader({ log, station: STATION, event, openedAtMs: number, parent: place });
  const hash = new Uint8Array(32).fill(number);
  const rest = { head: 17, lastMs: 7, acked: 0, others: [], standing: "taken", wasCurrent: true, heard: true } as const;
  return { log, header, signature: new Uint8Array(64), hash, ...rest, others: [], ...stored } satisfies StoredLog;
}

function ownLogsOn(found: StoredLog[], fails: () => boolean = () => false) {
  const begun: Uint8Array[] = [];
  const salvaged: [Uint8Array, number, NewLog, readonly Heir[]][] = [];
  const heard: Uint8Array[] = [];
  const standings: [Uint8Array, string][] = [];
  const own = createOwnLogs({
    store: {
      found,
      async begin({ log }) {
        await Promise.resolve();
        if (fails()) throw new Error("the disk is full");
        begun.push(log);
      },
      standing: (log, standing) => void standings.push([log, standing]),
      salvage(from, after, to, heirs = []) {
        salvaged.push([from, after, to, heirs]);
        const rest = { head: 3, lastMs: 99, acked: 0, standing: "taken", heard: false } as const;
        const stored = (log: NewLog, wasCurrent: boolean) => ({ ...log, ...rest, others: [], wasCurrent });
        return Promise.resolve({
          log: stored(to, toHex(from) === own.current()),
          heirs: heirs.map((heir) => stored(heir.to, true)),
        });
      },
      foresee: (_from, _after, hash) => Promise.resolve({ number: 3, hash: sha256(hash) }),
      heard(log) {
        if (fails()) return Promise.reject(new Error("the disk is full"));
        heard.push(log);
        return Promise.resolve();
      },
    },
    key,
    openedAtMs: 42,
    logMs: () => 1_234,
    randomBytes: (length) => new Uint8Array(randomBytes(length)),
    sha256,
  });
  return { own, begun, salvaged, standings, heard };
}

describe("a new log", () => {
  test("has a signed header that names the log it continues", async () => {
    const last = foundLog(9);
    const { own } = ownLogsOn([foundLog(8), last]);
    const { log, header, signature, hash, head } = await own.begin(EVENT);
    expect(decodeHeader(header)).toEqual({
      log,
      station: STATION,
      event: EVENT,
      openedAtMs: 42,
      parent: { log: last.log, number: 17, hash: last.hash },
    });
    expect(signatureFits(key.publicKey, headerToSign(header), signature)).toBe(true);
    expect({ head, hash }).toEqual({ head: 0, hash: firstHash(sha256, header) });
    expect(own.current()).toBe(toHex(log));
  });

  test("continues the last one that was current, not what was salvaged of an older one", async () => {
    const last = foundLog(9);
    const { own } = ownLogsOn([foundLog(8), last, foundLog(10, { wasCurrent: false })]);
    const { header } = await own.begin(EVENT);
    expect(decodeHeader(header)?.parent?.log).toEqual(last.log);
  });

  test.each(["aside", "rejected", "admitted"] as const)("counts as the log it continues does: %s", async (standing) => {
    const { own, standings } = ownLogsOn([foundLog(8), foundLog(9, { standing })]);
    const begun = await own.begin(EVENT);
    expect(begun.standing).toBe(standing);
    expect(standings).toEqual([[begun.log, standing]]);
  });

  test("of a log that is taken is taken", async () => {
    const { own, standings } = ownLogsOn([foundLog(8, { standing: "rejected" }), foundLog(9)]);
    expect((await own.begin(EVENT)).standing).toBe("taken");
    expect(standings).toEqual([]);
  });

  test("continues none of another event, whose logs are none of this event's", async () => {
    const other = foundLog(9, { event: OTHER_EVENT });
    const { own } = ownLogsOn([other]);
    const { header } = await own.begin(EVENT);
    expect(decodeHeader(header)?.parent).toBeNull();
    expect(own.foundOf(EVENT)).toEqual([]);
    expect(own.foundOf(OTHER_EVENT)).toEqual([other]);
  });

  test("is one, also when asked for twice, even at once", async () => {
    const { own, begun } = ownLogsOn([]);
    const [one, two] = await Promise.all([own.begin(EVENT), own.begin(EVENT)]);
    const three = await own.begin(EVENT);
    expect(begun).toEqual([one.log]);
    expect([two, three]).toEqual([one, one]);
  });

  test("is another for another event", async () => {
    const { own, begun } = ownLogsOn([]);
    await own.begin(EVENT);
    await own.begin(OTHER_EVENT);
    expect(begun).toHaveLength(2);
  });

  test("that the disk did not take is asked for anew", async () => {
    let full = true;
    const { own, begun } = ownLogsOn([], () => full);
    await expect(own.begin(EVENT)).rejects.toThrow("full");
    expect(own.current()).toBeUndefined();
    full = false;
    await own.begin(EVENT);
    expect(begun).toHaveLength(1);
  });
});

/** The running hash after the first record that moves. */
const NEXT = new Uint8Array(32).fill(6);

describe("a salvaged log", () => {
  test("goes on from the last common place, has the times of the old one, and is signed", async () => {
    const old = foundLog(9, { wasCurrent: false });
    const { own, salvaged } = ownLogsOn([old]);
    await own.begin(EVENT);
    const before = own.current();
    const place = { log: old.log, number: 5, hash: new Uint8Array(32).fill(5) };
    await own.salvage(old.header, place, NEXT);
    const [[from, after, to] = []] = salvaged;
    expect({ from, after }).toEqual({ from: old.log, after: 5 });
    if (to === undefined) throw new Error("nothing was salvaged");
    expect(decodeHeader(to.header)).toMatchObject({ openedAtMs: 9, event: EVENT, station: STATION, parent: place });
    expect(signatureFits(key.publicKey, headerToSign(to.header), to.signature)).toBe(true);
    expect(to.hash).toEqual(firstHash(sha256, to.header));
    expect(own.current()).toBe(before);
  });

  test("has one name, whichever copy of a disk makes it, and another if other records move", async () => {
    const old = foundLog(9);
    const place = { log: old.log, number: 5, hash: new Uint8Array(32).fill(5) };
    const nameOf = async (next: Uint8Array) => {
      const { own, salvaged } = ownLogsOn([old]);
      await own.begin(EVENT);
      await own.salvage(old.header, place, next);
      return toHex(salvaged[0]?.[2].header ?? new Uint8Array());
    };
    expect(await nameOf(NEXT)).toBe(await nameOf(NEXT));
    expect(await nameOf(NEXT)).not.toBe(await nameOf(new Uint8Array(32).fill(7)));
  });

  test("of the current log is the current one from then on", async () => {
    const { own } = ownLogsOn([]);
    const { log, header, hash } = await own.begin(EVENT);
    const made = await own.salvage(header, { log, number: 0, hash }, null);
    expect(own.current()).toBe(toHex(made?.made[0]?.log ?? new Uint8Array()));
    expect(own.leaves()).toEqual([{ log: own.current(), ms: 1_234 }]);
  });
});

describe("what goes on from a log of which something is salvaged", () => {
  const nowhere = new Uint8Array(32);
  const headerOf = (log?: { header: Uint8Array }) => decodeHeader(log?.header ?? new Uint8Array());

  test("continues what was salvaged, opening after opening, with its own time, up to the current one", async () => {
    const old = foundLog(9);
    const next = foundLog(10, { parent: old, heard: false });
    const { own, salvaged } = ownLogsOn([old, next]);
    const begun = await own.begin(EVENT);
    const made = await own.salvage(old.header, { log: old.log, number: 5, hash: nowhere }, NEXT);
    const [[from, after, to, heirs] = []] = salvaged;
    expect([from, after, heirs?.map((heir) => heir.from)]).toEqual([old.log, 5, [next.log, begun.log]]);
    const [first, second] = heirs?.map((heir) => heir.to) ?? [];
    const endOf = (log?: NewLog) => log && { log: log.log, number: 3, hash: sha256(log.hash) };
    expect(headerOf(first)).toMatchObject({ openedAtMs: 10, event: EVENT, station: STATION, parent: endOf(to) });
    expect(headerOf(second)).toMatchObject({ openedAtMs: 42, event: EVENT, station: STATION, parent: endOf(first) });
    for (const log of [first, second]) {
      expect(log?.log).toEqual(headerOf(log)?.log);
      expect(signatureFits(key.publicKey, headerToSign(log?.header ?? nowhere), log?.signature ?? nowhere)).toBe(true);
    }
    expect(made?.gone).toEqual([toHex(next.log), toHex(begun.log)]);
    expect(own.current()).toBe(toHex(second?.log ?? nowhere));
    expect(own.leaves()).toEqual([{ log: own.current(), ms: 1_234 }]);
  });

  test("stays as it is, with all after it, from the first one on that a server may have heard of", async () => {
    const old = foundLog(9);
    const next = foundLog(10, { parent: old });
    const { own, salvaged } = ownLogsOn([old, next, foundLog(11, { parent: next, heard: false })]);
    const begun = await own.begin(EVENT);
    await own.salvage(old.header, { log: old.log, number: 5, hash: nowhere }, NEXT);
    expect(salvaged[0]?.[3]).toEqual([]);
    expect(own.current()).toBe(toHex(begun.log));
    expect(own.leaves()).toHaveLength(2);
  });

  test("stays as it is once it is noted that a server is going to hear of it, which the disk may not take", async () => {
    const old = foundLog(9);
    let full = false;
    const { own, salvaged, heard } = ownLogsOn([old], () => full);
    const begun = await own.begin(EVENT);
    const place = { log: old.log, number: 5, hash: nowhere };
    full = true;
    await expect(own.hear(begun.log)).rejects.toThrow("full");
    full = false;
    await own.hear(begun.log);
    await own.hear(begun.log);
    expect(heard).toEqual([begun.log]);
    await own.salvage(old.header, place, NEXT);
    expect(salvaged[0]?.[3]).toEqual([]);
  });

  test("has one name, whichever copy of a disk makes it", async () => {
    const old = foundLog(9);
    const next = foundLog(10, { parent: old, heard: false });
    const madeOf = async () => {
      const { own, salvaged } = ownLogsOn([old, next]);
      await own.salvage(old.header, { log: old.log, number: 5, hash: nowhere }, NEXT);
      return salvaged[0]?.[3];
    };
    expect(await madeOf()).toEqual(await madeOf());
  });

  test("is not what goes on from another log", async () => {
    const [older, old] = [foundLog(8), foundLog(9)];
    const { own, salvaged } = ownLogsOn([older, old]);
    const begun = await own.begin(EVENT);
    await own.salvage(older.header, { log: older.log, number: 5, hash: nowhere }, NEXT);
    expect(salvaged[0]?.[3]).toEqual([]);
    expect(own.current()).toBe(toHex(begun.log));
  });
});

test("the ends of the logs are the current one and what was salvaged and not continued, each with its own time", async () => {
  const first = foundLog(1);
  const salvaged = foundLog(2, { parent: first, wasCurrent: false, lastMs: 50 });
  const again = foundLog(3, { parent: salvaged, wasCurrent: false, lastMs: 60 });
  const elsewhere = foundLog(4, { event: OTHER_EVENT, wasCurrent: false });
  const { own } = ownLogsOn([first, salvaged, again, elsewhere]);
  expect(own.leaves()).toEqual([]);
  await own.begin(EVENT);
  expect(own.leaves()).toEqual([
    { log: own.current(), ms: 1_234 },
    { log: toHex(again.log), ms: 60 },
  ]);
});
