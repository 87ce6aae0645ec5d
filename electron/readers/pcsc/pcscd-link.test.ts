import { writeFileSync } from "node:fs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createManualClock } from "../../clock.testing.ts";
import { concatBytes } from "../../../shared/bytes.ts";
import { listOf, words } from "./answers.testing.ts";
import { MAX_HELD_BYTES } from "./messages.ts";
import { openPcscdLink } from "./pcscd-link.ts";
import { type Manner, type PcscdDouble, startPcscdDouble } from "./pcscd-double.testing.ts";
import type { PcscLink, SeenReader } from "./service.ts";
import type { ServiceTrouble } from "./trouble.ts";

const [ESTABLISH, VERSION, WAIT, STOP_WAITING] = [0x01, 0x11, 0x13, 0x14];
const until = (look: () => void) => vi.waitFor(look, { timeout: 2_000, interval: 1 });

let doubles: PcscdDouble[] = [];
let links: PcscLink[] = [];
afterEach(async () => {
  for (const link of links) link.close();
  await Promise.all(doubles.map((double) => double.stop()));
  [doubles, links] = [[], []];
});

async function meet(manner: Manner = {}) {
  const clock = createManualClock();
  const double = await startPcscdDouble(manner);
  doubles.push(double);
  return { clock, double, open: () => openPcscdLink(double.path, clock.setTimer) };
}

async function watch(manner: Manner = {}) {
  const { clock, double, open } = await meet(manner);
  const opening = await open();
  if (!opening.ok) throw new Error(opening.trouble.kind);
  links.push(opening.link);
  const lists: (readonly SeenReader[])[] = [];
  const gone: ServiceTrouble[] = [];
  opening.link.watch({ onReaders: (readers) => lists.push(readers), onGone: (trouble) => gone.push(trouble) });
  return { clock, double, link: opening.link, lists, gone };
}

describe("the first words", () => {
  test("are of 4.4, and of the server's own minor where it insists on that", async () => {
    for (const [minor, tries] of [
      [4, 1],
      [5, 2],
    ] as const) {
      const { double, open } = await meet({ minor });
      const opening = await open();
      expect(opening.ok).toBe(true);
      if (opening.ok) links.push(opening.link);
      expect(double.heard).toEqual([...Array.from({ length: tries }, () => VERSION), ESTABLISH]);
    }
  });

  test("to a server of another protocol end with its number", async () => {
    const { open } = await meet({ minor: 9 });
    expect(await open()).toEqual({ ok: false, trouble: { kind: "protocol", server: "4.9" } });
  });

  test("that are hung up on mean that polkit does not let us in", async () => {
    const { open } = await meet({ hangsUp: true });
    expect(await open()).toEqual({ ok: false, trouble: { kind: "denied" } });
  });

  test("that nobody answers end in time", async () => {
    const { open, clock, double } = await meet({ silentOn: [VERSION] });
    const opening = open();
    await until(() => expect(double.heard).toEqual([VERSION]));
    clock.goOn(8_000);
    expect(await opening).toEqual({ ok: false, trouble: { kind: "silent" } });
    expect(clock.set()).toBe(0);
  });

  test("find no socket, or the socket of a dead one", async () => {
    const { double, clock } = await meet();
    const missing = `${double.path}.not`;
    expect(await openPcscdLink(missing, clock.setTimer)).toEqual({
      ok: false,
      trouble: { kind: "missing", path: missing },
    });
    const dead = `${double.path}.dead`;
    writeFileSync(dead, "");
    expect(await openPcscdLink(dead, clock.setTimer)).toEqual({ ok: false, trouble: { kind: "dead", path: dead } });
  });
});

describe("watching", () => {
  test("asks again after each signal, and now and then by itself whether anybody is there", async () => {
    const { clock, double, lists, gone } = await watch();
    await until(() => expect(lists).toHaveLength(1));
    double.say(words(0, 0));
    await until(() => expect(lists).toHaveLength(2));
    clock.goOn(10_000);
    await until(() => expect(lists).toHaveLength(3));
    expect(double.heard).toEqual([VERSION, ESTABLISH, WAIT, WAIT, STOP_WAITING, WAIT]);
    expect(gone).toEqual([]);
  });

  test("a server that stands still is noticed and left", async () => {
    const { clock, lists, gone } = await watch({ silentOn: [STOP_WAITING] });
    await until(() => expect(lists).toHaveLength(1));
    clock.goOn(10_000);
    expect(gone).toEqual([]);
    clock.goOn(8_000);
    await until(() => expect(gone).toEqual([{ kind: "silent" }]));
  });

  test("words that nobody can make sense of end it, and no more is held than an answer takes", async () => {
    const { lists, gone } = await watch({ answers: new Map([[WAIT, new Uint8Array(MAX_HELD_BYTES).fill(0x41)]]) });
    await until(() => expect(gone).toEqual([{ kind: "corrupt", why: "an ATR of 1094795585 bytes" }]));
    expect(lists).toEqual([]);
    const flooded = await watch({ silentOn: [WAIT] });
    flooded.double.say(new Uint8Array(MAX_HELD_BYTES + 9));
    await until(() => expect(flooded.gone).toMatchObject([{ kind: "corrupt" }]));
  });

  test("a signal right behind the list, in one piece with it, is heard", async () => {
    const { lists, link } = await watch({ answers: new Map([[WAIT, concatBytes(listOf([]), words(0, 0))]]) });
    await until(() => expect(lists.length).toBeGreaterThan(2));
    link.close();
  });

  test("after close nothing is told", async () => {
    const { double, link, lists, gone, clock } = await watch();
    await until(() => expect(lists).toHaveLength(1));
    link.close();
    await double.stop();
    expect([lists.length, gone]).toEqual([1, []]);
    expect(clock.set()).toBe(0);
    doubles = [];
  });
});
