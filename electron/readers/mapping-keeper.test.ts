import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type MappedReader, MAX_READERS, PLAIN_FORMAT, type Target } from "../../shared/domain/mapping.ts";
import { memoryStore, readersBed, specsOf } from "./bed.testing.ts";
import type { KeptReader } from "./kept-mapping.ts";
import { adopt, drop, rename, retarget, setFormat, setGap, swapTargets } from "./mapping-edits.ts";
import { createMappingKeeper } from "./mapping-keeper.ts";
import { parseMapping } from "./mapping-store.ts";

const A = "serial:/dev/a";
const B = "serial:/dev/b";
const asked = [`${A}?protocol=rdm6300&slot=1&name=A`, `${B}?protocol=rdm6300&slot=2&name=B`];
const slot = (number: number): Target => ({ kind: "slot", slot: number });
const reader = (id: string, more: Partial<KeptReader> = {}): KeptReader => ({
  id,
  name: "Found",
  target: null,
  format: PLAIN_FORMAT,
  gapMs: 400,
  origin: { kind: "found", spec: `${id}?protocol=rdm6300`, port: null },
  ...more,
});

describe("the panel's change", () => {
  test("is on disk before it is told, is one revision more, and holds after a restart", () => {
    const { mapping, store } = readersBed({ asked });
    expect(mapping.now().revision).toBe(1);
    const onDisk: (number | undefined)[] = [];
    mapping.onChange(() => onDisk.push(parseMapping(store.disk.text)?.revision));
    expect(mapping.edit(retarget(A, slot(9)))).toBeNull();
    expect(mapping.edit(rename(A, "Door"))).toBeNull();
    expect(onDisk).toEqual([2, 3]);
    const again = createMappingKeeper({
      store,
      asked: specsOf(...asked),
      wallMs: () => 0,
      onTrouble: () => {},
      onConflict: () => {},
    });
    expect(again.now()).toEqual({
      revision: 3,
      readers: [
        { id: A, name: "Door", target: slot(9) },
        { id: B, name: "B", target: slot(2) },
      ],
    });
  });

  test("that the disk does not take is refused, and the old target stays", async () => {
    const { mapping, store, readers, troubles } = readersBed({ asked });
    readers.start();
    const before = mapping.now();
    store.disk.fails = true;
    expect(mapping.edit(retarget(A, slot(9)))).toBe("mapping-not-stored");
    expect(await mapping.change(1, [{ id: A, name: "A", target: slot(9) }])).toMatchObject({
      ok: false,
      why: "not-stored",
    });
    expect(mapping.now()).toEqual(before);
    expect(readers.list()[0]?.kept.target).toEqual(slot(1));
    expect(troubles.map(({ kind }) => kind)).toEqual(["not-stored", "not-stored"]);
    store.disk.fails = false;
    expect(mapping.edit(retarget(A, slot(9)))).toBeNull();
  });

  test("that changes nothing writes nothing and tells nobody", () => {
    const { mapping, store } = readersBed({ asked });
    let told = 0;
    mapping.onChange(() => told++);
    mapping.edit(retarget(A, slot(1)));
    expect([store.disk.writes, told]).toEqual([1, 0]);
  });

  test("of what an organiser does not see is no other revision", () => {
    const { mapping, store } = readersBed({ asked });
    mapping.edit(setFormat(A, { ...PLAIN_FORMAT, reversed: true }));
    mapping.edit(setGap(A, 900));
    expect(mapping.now().revision).toBe(1);
    expect(parseMapping(store.disk.text)?.readers[0]).toMatchObject({ format: { reversed: true }, gapMs: 900 });
  });

  test("swaps what two readers stand for in one write", () => {
    const { mapping, store } = readersBed({ asked });
    mapping.edit(swapTargets(A, B));
    expect(mapping.now().readers.map(({ target }) => target)).toEqual([slot(2), slot(1)]);
    expect(store.disk.writes).toBe(2);
    expect(mapping.edit(swapTargets(A, "gone"))).toBe("unknown-reader");
  });

  test("takes a device into use, up to the bound, and lets it go; one of the command line it does not", () => {
    const { mapping } = readersBed({ asked });
    for (let n = 2; n < MAX_READERS; n++) expect(mapping.edit(adopt(reader(`serial:/dev/r${n}`)))).toBeNull();
    expect(mapping.edit(adopt(reader("serial:/dev/more")))).toBe("too-many-readers");
    expect(mapping.edit(adopt(reader("serial:/dev/r5")))).toBe("device-in-use");
    expect(mapping.edit(drop("serial:/dev/r5"))).toBeNull();
    expect(mapping.edit(drop("serial:/dev/r5"))).toBe("unknown-reader");
    expect(mapping.edit(drop(A))).toBe("reader-fixed");
    expect(mapping.now().readers).toHaveLength(MAX_READERS - 1);
  });
});

describe("a change from afar", () => {
  const wanted: MappedReader[] = [{ id: A, name: "Left", target: { kind: "choose" } }];

  test("of the revision that holds is taken; readers not named stay as they are", async () => {
    const { mapping } = readersBed({ asked });
    const changed = await mapping.change(1, wanted);
    expect(changed).toEqual({ ok: true, mapping: mapping.now() });
    expect(mapping.now()).toEqual({
      revision: 2,
      readers: [wanted[0], { id: B, name: "B", target: slot(2) }],
    });
  });

  test("of another revision changes nothing and stays visible until it is dismissed or made anew", async () => {
    const { clock, mapping, conflicts } = readersBed({ asked });
    mapping.edit(rename(B, "Right"));
    const before = mapping.now();
    clock.goOn(5_000);
    expect(await mapping.change(1, wanted)).toEqual({ ok: false, why: "conflict", mapping: before });
    expect([mapping.now(), conflicts()]).toEqual([before, 1]);
    expect(mapping.conflict()).toEqual({ revision: 1, atMs: clock.wallMs() });
    mapping.dismissConflict();
    expect(mapping.conflict()).toBeNull();
    await mapping.change(1, wanted);
    expect(mapping.conflict()).not.toBeNull();
    expect(await mapping.change(2, wanted)).toMatchObject({ ok: true, mapping: { revision: 3 } });
    expect(mapping.conflict()).toBeNull();
  });

  test("sent again, because its answer was lost, is no conflict", async () => {
    const { mapping } = readersBed({ asked });
    await mapping.change(1, wanted);
    expect(await mapping.change(1, wanted)).toMatchObject({ ok: true, mapping: { revision: 2 } });
    expect(mapping.conflict()).toBeNull();
  });

  test("of a reader that is not here is refused whole, and adds no device", async () => {
    const { mapping } = readersBed({ asked });
    const before = mapping.now();
    const more = [...wanted, { id: "serial:/etc/passwd", name: "X", target: null }];
    expect(await mapping.change(1, more)).toEqual({ ok: false, why: "unknown-reader", mapping: before });
    expect(mapping.now()).toEqual(before);
  });

  test("two that saw the same revision never both win, whatever they want", async () => {
    const anyTarget = fc.oneof(fc.constant(null), fc.integer({ min: 1, max: 3 }).map(slot));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat({ max: 3 }), anyTarget), { maxLength: 20 }), async (changes) => {
        const { mapping } = readersBed({ asked });
        const winners: number[] = [];
        const quiet: boolean[] = [];
        for (const [back, target] of changes) {
          const base = Math.max(0, mapping.now().revision - back);
          const before = JSON.stringify(mapping.now());
          const { ok } = await mapping.change(base, [{ id: A, name: "A", target }]);
          const changed = JSON.stringify(mapping.now()) !== before;
          if (ok && changed) winners.push(base);
          if (!ok) quiet.push(!changed);
        }
        expect(new Set(winners).size).toBe(winners.length);
        expect(quiet).not.toContain(false);
      }),
    );
  });
});

test("a file that cannot be read is not written over before somebody changes something", () => {
  const store = memoryStore();
  const unreadable = { ...store, read: () => ({ kind: "unreadable" as const, error: new Error("EIO") }) };
  const troubles: string[] = [];
  const mapping = createMappingKeeper({
    store: unreadable,
    asked: specsOf(...asked),
    wallMs: () => 0,
    onTrouble: ({ kind }) => troubles.push(kind),
    onConflict: () => {},
  });
  expect([store.disk.writes, mapping.now().readers.length, troubles]).toEqual([0, 2, ["unreadable"]]);
  expect(mapping.lost()).toBe("unreadable");
});
