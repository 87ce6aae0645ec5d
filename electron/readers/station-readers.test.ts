import { describe, expect, test } from "vitest";
import { PLAIN_FORMAT, type Target } from "../../shared/domain/mapping.ts";
import { say } from "../../shared/sentences/sentence.ts";
import { readersBed, tagOf } from "./bed.testing.ts";
import { drop, rename, retarget, setFormat, setGap } from "./mapping-edits.ts";

const CARD = tagOf(0x30, 0xce, 0x75, 0x4c);
const A = "serial:/dev/a?protocol=rdm6300&slot=1&name=A";
const B = "serial:/dev/b?protocol=rdm6300&slot=2&name=B";
const idA = "serial:/dev/a";
const idB = "serial:/dev/b";
const present = { kind: "present" } as const;
const lost = { kind: "lost", reason: say("port-unplugged", { port: "/dev/a" }) } as const;

function started(...asked: string[]) {
  const bed = readersBed({ asked });
  bed.readers.start();
  return bed;
}

describe("a tap", () => {
  test("the same tag lying on the reader for a minute is one tap", () => {
    const { clock, device, taps } = started(A);
    for (let held = 0; held < 60_000; held += 65) {
      device(idA).tap(CARD);
      clock.goOn(65);
    }
    expect(taps.map(([, place]) => place.target)).toEqual([{ kind: "slot", slot: 1 }]);
  });

  test("taken away and presented again, it is a second tap", () => {
    const { clock, device, taps } = started(A);
    for (let n = 0; n < 2; n++) {
      device(idA).tap(CARD);
      clock.goOn(2_000);
    }
    expect(taps).toHaveLength(2);
  });

  test("carries what its reader stands for now, and is the number that the reader's format says", () => {
    const { clock, device, mapping, taps } = started(A);
    const choose: Target = { kind: "choose" };
    device(idA).tap(CARD);
    mapping.edit(retarget(idA, choose));
    mapping.edit(rename(idA, "Door"));
    mapping.edit(setFormat(idA, { ...PLAIN_FORMAT, reversed: true }));
    clock.goOn(1_000);
    device(idA).tap(CARD);
    expect(taps.map(([{ uid }, { name, target }]) => [[...uid], name, target])).toEqual([
      [[0x30, 0xce, 0x75, 0x4c], "A", { kind: "slot", slot: 1 }],
      [[0x4c, 0x75, 0xce, 0x30], "Door", choose],
    ]);
  });

  test("says when its number may not be one person's alone", () => {
    const { device, taps, readers } = started(A);
    device(idA).tap(tagOf(1, 2, 3, 4));
    expect(taps[0]?.[0].flags).toEqual(["shared"]);
    expect(readers.list()[0]?.facts.flags).toEqual(["shared"]);
  });

  test("a gap set by the operator holds from the next sighting on, and makes no tap by itself", () => {
    const { clock, device, mapping, taps } = started(A);
    device(idA).tap(CARD);
    mapping.edit(setGap(idA, 5_000));
    device(idA).tap(CARD);
    clock.goOn(4_900);
    device(idA).tap(CARD);
    expect(taps).toHaveLength(1);
    clock.goOn(5_100);
    device(idA).tap(CARD);
    expect(taps).toHaveLength(2);
  });

  test("a tag lying there is no second voter when the operator tries other formats, under which it is another number", () => {
    const { clock, device, mapping, taps } = started(A);
    device(idA).tap(CARD);
    const reversed = { ...PLAIN_FORMAT, reversed: true };
    for (const formats of [[reversed], [PLAIN_FORMAT], [{ ...PLAIN_FORMAT, technology: "lf" as const }, reversed]]) {
      for (const format of formats) mapping.edit(setFormat(idA, format));
      clock.goOn(200);
      device(idA).tap(CARD);
    }
    expect(taps).toHaveLength(1);
    device(idA).tap(tagOf(0x3c, 1, 2, 3, 4));
    expect(taps).toHaveLength(2);
    clock.goOn(20_000);
    device(idA).tap(CARD);
    expect(taps).toHaveLength(3);
  });

  test("can be claimed by who it is for, and the others are votes", () => {
    const { clock, device, readers, taps, claimed } = started(A);
    const end = readers.claimTaps(
      () => {},
      ({ uid }) => uid[0] === 9,
    );
    device(idA).tap(tagOf(9, 0, 0x30, 1));
    device(idA).tap(CARD);
    expect([claimed.length, taps.length]).toEqual([1, 1]);
    end();
    clock.goOn(1_000);
    device(idA).tap(tagOf(9, 0, 0x30, 1));
    expect(taps).toHaveLength(2);
  });

  test("goes to who claims taps, and is no vote then", () => {
    const { clock, device, readers, taps, claimed } = started(A);
    const seen: string[] = [];
    const ends = ["x", "y"].map((who) => readers.claimTaps((_, place) => seen.push(`${who} ${place.name}`)));
    device(idA).tap(CARD);
    expect([seen, taps, claimed.map(({ reader }) => reader)]).toEqual([["x A", "y A"], [], [idA]]);
    ends[0]?.();
    ends[0]?.();
    clock.goOn(1_000);
    device(idA).tap(CARD);
    expect([seen, taps.length]).toEqual([["x A", "y A", "y A"], 0]);
    ends[1]?.();
    clock.goOn(1_000);
    device(idA).tap(CARD);
    expect(taps).toHaveLength(1);
  });
});

describe("a frame that could not be trusted", () => {
  test("is told after a while, unless a good one follows", () => {
    const { clock, device, misreads } = started(A);
    device(idA).events.onState(present);
    device(idA).events.onBadFrame();
    clock.goOn(300);
    device(idA).tap(CARD);
    clock.goOn(5_000);
    expect(misreads).toEqual([]);
    device(idA).events.onBadFrame();
    clock.goOn(600);
    expect(misreads).toHaveLength(1);
  });

  test("so is a number that is none under the reader's format", () => {
    const { clock, device, misreads, taps, readers } = started(A);
    device(idA).events.onState(present);
    for (let n = 0; n < 10; n++) {
      device(idA).tap({ form: "digits", digits: "no number", technology: "unknown" });
      clock.goOn(65);
    }
    clock.goOn(600);
    expect([taps.length, misreads.length, readers.report()[0]?.errors]).toEqual([0, 1, 10]);
  });
});

describe("a frame that could not be trusted, of a reader that is not there", () => {
  test("is told when it comes to be there at once, as it was held to it while it was being opened", () => {
    const { clock, device, misreads } = started(A);
    device(idA).events.onBadFrame();
    device(idA).events.onState(present);
    clock.goOn(600);
    expect(misreads.map(({ reader }) => reader)).toEqual([idA]);
  });

  test.each([
    ["before its first word", []],
    ["that was lost", [lost]],
    ["that is lost before it was told", [present, lost]],
  ])("%s, is counted and nothing more", (_, states) => {
    const { clock, device, misreads, readers } = started(A);
    const before = states.slice(0, 1);
    for (const state of before) device(idA).events.onState(state);
    device(idA).events.onBadFrame();
    for (const state of states.slice(1)) device(idA).events.onState(state);
    clock.goOn(5_000);
    expect(misreads).toEqual([]);
    expect(readers.report()[0]?.errors).toBeGreaterThan(0);
  });
});

describe("what is known of a reader", () => {
  test("taps, errors, and when it was last there and last tapped", () => {
    const { clock, device, readers } = started(A);
    const at0 = clock.wallMs();
    const taken = say("port-taken", { port: "/dev/a" });
    expect(readers.report()).toMatchObject([
      { id: idA, name: "A", state: "lost", lastTapAtMs: null, taps: 0, errors: 0 },
    ]);
    device(idA).events.onState(present);
    device(idA).tap(CARD);
    clock.goOn(1_000);
    device(idA).events.onState(lost);
    clock.goOn(1_000);
    device(idA).events.onState({ kind: "lost", reason: taken });
    expect(readers.report()).toMatchObject([
      { id: idA, name: "A", state: "lost", reason: taken, lastTapAtMs: at0, taps: 1, errors: 1 },
    ]);
    expect(readers.list()[0]?.facts).toMatchObject({ lostAtMs: at0 + 1_000, state: { reason: taken } });
    expect(readers.count()).toEqual({ present: 0, lost: 1 });
  });

  test("the report changes at most once a second, the first time at once and the last never missed", () => {
    const { clock, device, readers } = started(A);
    clock.goOn(10_000);
    const told: number[] = [];
    readers.onReport(() => told.push(readers.report()[0]?.taps ?? 0));
    for (let n = 0; n < 40; n++) {
      device(idA).tap(tagOf(0x30, 0, 0, n));
      clock.goOn(50);
    }
    clock.goOn(10_000);
    expect(told).toEqual([1, 20, 40]);
  });

  test("fifty readers lost together are two lists on the screen, one alone at once", () => {
    const specs = Array.from({ length: 50 }, (_, n) => `serial:/dev/r${n}?protocol=rdm6300`);
    const { clock, device, screens } = started(...specs);
    const ids = specs.map((_, n) => `serial:/dev/r${n}`);
    clock.goOn(1_000);
    for (const id of ids) device(id).events.onState(present);
    clock.goOn(1_000);
    expect(screens.length).toBe(2);
    for (const id of ids) device(id).events.onState(lost);
    expect(screens.length).toBe(3);
    clock.goOn(1_000);
    expect(screens.length).toBe(4);
    expect(screens.at(-1)?.filter(({ state }) => state === "lost")).toHaveLength(50);
    device(ids[7] ?? "").events.onState(present);
    expect(screens.at(-1)?.[7]?.state).toBe("present");
  });

  test("the screen is told the slot and who chooses, and nothing of a reader before its first word", () => {
    const { clock, device, mapping, screens } = started(A, B);
    device(idA).events.onState(present);
    expect(screens.at(-1)).toEqual([{ id: idA, name: "A", state: "present", slot: 1, chooses: false, reason: null }]);
    clock.goOn(200);
    mapping.edit(retarget(idA, { kind: "choose" }));
    expect(screens.at(-1)).toMatchObject([{ slot: null, chooses: true }]);
  });

  test("the journal names a reader by its number, once when it goes and once when it is back", () => {
    const { device, mapping, notes } = started(A, B);
    device(idB).events.onState(present);
    device(idB).events.onState(lost);
    device(idB).events.onState({ kind: "lost", reason: say("port-missing", { port: "/dev/a" }) });
    device(idB).events.onState(present);
    mapping.edit(retarget(idA, null));
    expect(notes).toEqual([
      ["reader.back", { reader: 2 }],
      ["reader.lost", { reader: 2 }],
      ["reader.back", { reader: 2 }],
      ["reader.assigned", { reader: 1, to: "nothing" }],
    ]);
    expect(JSON.stringify(notes)).not.toContain("/dev/");
  });

  test("the journal says which reader's numbers were read otherwise in the middle of a vote, and nothing of tags", () => {
    const { mapping, notes, settings } = started(A, B);
    const reversed = { ...PLAIN_FORMAT, reversed: true };
    mapping.edit(setFormat(idB, reversed));
    settings.isVoting = true;
    mapping.edit(setFormat(idB, { ...reversed }));
    mapping.edit(rename(idB, "Door"));
    expect(notes).toEqual([]);
    mapping.edit(setFormat(idB, PLAIN_FORMAT));
    expect(notes).toEqual([["reader.format-in-vote", { reader: 2 }]]);
  });
});

describe("a device", () => {
  test("shows the voter how it went, where it can", () => {
    const { device, readers } = started(A);
    expect(readers.signal(idA, "good")).toBe(true);
    expect(readers.signal("serial:/dev/none", "good")).toBe(false);
    expect(device(idA).signals).toEqual(["good"]);
  });

  test("that was let go is stopped and deaf, and held until it is closed", async () => {
    const bed = readersBed({ asked: [A] });
    const found = { kind: "found" as const, spec: B, port: null };
    const reader = { id: idB, name: "B", target: null, format: PLAIN_FORMAT, gapMs: 400, origin: found };
    bed.readers.start();
    bed.mapping.edit((all) => ({ ok: true, readers: [...all, reader] }));
    expect(bed.device(idB).open).toBe(true);
    bed.mapping.edit(drop(idB));
    expect([bed.device(idB).open, bed.readers.holds(idB)]).toEqual([false, true]);
    bed.device(idB).events.onState(present);
    expect(bed.readers.list().map(({ kept }) => kept.id)).toEqual([idA]);
    await Promise.resolve();
    await Promise.resolve();
    expect(bed.readers.holds(idB)).toBe(false);
  });

  test("whose spec this version does not know is shown as lost with the remedy, and the others work", () => {
    const odd = { kind: "found" as const, spec: "quantum:7", port: null };
    const reader = { id: "quantum:7", name: "Q", target: null, format: PLAIN_FORMAT, gapMs: 400, origin: odd };
    const bed = readersBed({ asked: [A], kept: { version: 1, revision: 4, readers: [reader] } });
    bed.readers.start();
    bed.device(idA).tap(CARD);
    expect(bed.taps).toHaveLength(1);
    expect(bed.readers.report().map(({ id, state }) => [id, state])).toContainEqual(["quantum:7", "lost"]);
    expect(bed.screens.at(-1)?.[0]?.reason).toEqual(say("reader-unusable"));
  });
});

describe("two tags that are one when cut", () => {
  test("are counted when the second taps, and not when the first taps again", () => {
    const { clock, device, readers, taps } = started(A, B);
    const see = (id: string, ...bytes: number[]) => {
      device(id).tap(tagOf(...bytes));
      clock.goOn(1_000);
    };
    see(idA, 0x3c, 0, 0xce, 0x75, 0x4c);
    see(idA, 0x3c, 0, 0xce, 0x75, 0x4c);
    // A reader that leaves out the upper byte knows no better.
    see(idB, 0, 0xce, 0x75, 0x4c);
    expect(readers.collisions()).toBe(0);
    see(idB, 0x3d, 0, 0xce, 0x75, 0x4c);
    expect(readers.collisions()).toBe(1);
    expect(new Set(taps.map(([{ uid }]) => [...uid].join())).size).toBe(1);
  });

  test("with 24 bits, also what is typed in decimal is looked at", () => {
    const { clock, device, readers, settings } = started(A);
    settings.lfBits = 24;
    for (const digits of ["0013961168", "0030738384"]) {
      device(idA).tap({ form: "digits", digits, technology: "lf" });
      clock.goOn(1_000);
    }
    // 0x00d507d0 and 0x01d507d0.
    expect(readers.collisions()).toBe(1);
  });
});
