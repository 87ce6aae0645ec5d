import { describe, expect, test } from "vitest";
import { MAX_READERS } from "../../shared/domain/mapping.ts";
import { say } from "../../shared/sentences/sentence.ts";
import { tagOf } from "./bed.testing.ts";
import { A, CARD, deskBed, found, heardCard, settled, slot, SPEC, USB } from "./desk-bed.testing.ts";
import { LISTEN_MS, SETTLE_MS } from "./listening.ts";

describe("tap here to assign", () => {
  test("opens no device before the operator listens, and never one that has trouble", async () => {
    const { desk, finder, show, at } = deskBed();
    show(found(), found("serial:/dev/odd", { trouble: say("port-taken", { port: "/dev/odd" }) }));
    expect(finder.ears.size).toBe(0);
    await desk.act({ kind: "listen", ask: false, target: null });
    expect([...finder.ears].map(([id, { mayAsk }]) => [id, mayAsk])).toEqual([[USB, false]]);
    expect(at(USB)?.listening).toBe("listening");
    show(found(), found("serial:/dev/new"));
    expect([...finder.ears.keys()]).toEqual([USB, "serial:/dev/new"]);
    await desk.act({ kind: "stop-listening" });
    expect([finder.ears.size, desk.view().listening]).toEqual([0, null]);
  });

  test("asks a device only when the operator allows it", async () => {
    const { desk, finder, show } = deskBed();
    show(found());
    await desk.act({ kind: "listen", ask: false, target: null });
    await desk.act({ kind: "listen", ask: true, target: null });
    await settled();
    expect(finder.ears.get(USB)?.mayAsk).toBe(true);
  });

  test("tap, then touch: the device is taken into use, and there at the next start", async () => {
    const { desk, finder, show, tell, at, device, store, taps, claimed, clock } = deskBed();
    show(found());
    expect(await desk.act({ kind: "assign", id: USB, target: slot(3) })).toEqual(say("device-not-heard"));
    await desk.act({ kind: "listen", ask: false, target: null });
    tell({ kind: "asking" });
    expect(at(USB)?.listening).toBe("asking");
    tell(heardCard);
    expect(at(USB)).toMatchObject({ listening: "heard", found: "RDM6300" });
    expect(desk.view().listening?.heard).toMatchObject({ id: USB, name: "RDM6300", inUse: false });
    expect(await desk.act({ kind: "assign", id: USB, target: slot(3) })).toBeNull();
    expect(finder.ears.has(USB)).toBe(false);
    expect(desk.view().devices).toEqual([]);
    expect(desk.view().readers.at(-1)).toMatchObject({ id: USB, target: slot(3), fixed: false, port: "hub port 1" });
    // While the operator listens, its taps are no votes.
    device(USB).tap(CARD);
    expect([taps.length, claimed.length]).toEqual([0, 1]);
    await desk.act({ kind: "stop-listening" });
    clock.goOn(SETTLE_MS);
    device(USB).tap(CARD);
    expect(taps.map(([, { target }]) => target)).toEqual([slot(3)]);
    expect(store.disk.text).toContain(SPEC);
  });

  test("touch, then tap: the reader gets it at once, and listening goes on for the next", async () => {
    const { desk, show, tell, targetOf, device } = deskBed();
    show(found());
    await desk.act({ kind: "listen", ask: false, target: slot(7) });
    tell(heardCard);
    await settled();
    expect(targetOf(USB)).toEqual(slot(7));
    expect(desk.view().listening).toMatchObject({ target: null, heard: { id: USB } });
    await desk.act({ kind: "listen", ask: false, target: { kind: "choose" } });
    device(A).tap(CARD);
    await settled();
    expect([targetOf(A), targetOf(USB)]).toEqual([{ kind: "choose" }, slot(7)]);
  });

  test("a tag that still lies on the reader just assigned does not take the next answer", async () => {
    const { desk, show, tell, targetOf, device, clock } = deskBed();
    show(found());
    await desk.act({ kind: "listen", ask: false, target: slot(7) });
    tell(heardCard);
    await settled();
    await desk.act({ kind: "listen", ask: false, target: slot(8) });
    device(USB).tap(CARD);
    await settled();
    expect([targetOf(USB), desk.view().listening?.target]).toEqual([slot(7), slot(8)]);
    clock.goOn(SETTLE_MS);
    device(USB).tap(CARD);
    await settled();
    expect(targetOf(USB)).toEqual(slot(8));
  });

  test("the operator's tag that still lies there when the reader is opened is no vote, listening or not", async () => {
    const { desk, show, tell, device, taps, claimed, clock } = deskBed();
    show(found());
    await desk.act({ kind: "listen", ask: false, target: null });
    tell(heardCard);
    // As the page does when a reader is taken in hand.
    await desk.act({ kind: "stop-listening" });
    await desk.act({ kind: "assign", id: USB, target: slot(3) });
    clock.goOn(1_900);
    device(USB).tap(CARD);
    expect([taps.length, claimed.length]).toEqual([0, 1]);
    // Other tags, and other readers, are voters' at once.
    device(USB).tap(tagOf(0x3c, 1, 2, 3, 4));
    device(A).tap(CARD);
    expect([taps.length, claimed.length]).toEqual([2, 1]);
    clock.goOn(SETTLE_MS);
    device(USB).tap(CARD);
    expect(taps).toHaveLength(3);
  });

  test("a device that only said who it is assigns nothing", async () => {
    const { desk, show, tell, at, targetOf } = deskBed();
    show(found());
    await desk.act({ kind: "listen", ask: true, target: slot(7) });
    tell({ kind: "heard", spec: SPEC, title: "SM130", tag: null });
    await settled();
    expect([at(USB)?.found, desk.view().listening?.heard, targetOf(USB)]).toEqual(["SM130", null, undefined]);
    expect(await desk.act({ kind: "assign", id: USB, target: slot(7) })).toBeNull();
  });

  test("the device is free before it is opened as a reader", async () => {
    const { desk, show, tell, finder, readers } = deskBed();
    show(found());
    await desk.act({ kind: "listen", ask: false, target: null });
    tell(heardCard);
    const { promise, resolve } = Promise.withResolvers<void>();
    finder.slowClose = promise;
    const done = desk.act({ kind: "assign", id: USB, target: null });
    await settled();
    expect(readers.holds(USB)).toBe(false);
    resolve();
    expect(await done).toBeNull();
    expect(readers.holds(USB)).toBe(true);
  });

  test("what the disk does not take is refused in words, and can be tried again", async () => {
    const { desk, show, tell, store, targetOf, finder } = deskBed();
    show(found());
    await desk.act({ kind: "listen", ask: false, target: null });
    tell(heardCard);
    store.disk.fails = true;
    expect(await desk.act({ kind: "assign", id: USB, target: slot(3) })).toEqual(say("mapping-not-stored"));
    expect(await desk.act({ kind: "assign", id: A, target: slot(3) })).toEqual(say("mapping-not-stored"));
    expect([targetOf(A), targetOf(USB), finder.ears.has(USB)]).toEqual([slot(1), undefined, true]);
    await desk.act({ kind: "listen", ask: false, target: slot(9) });
    tell(heardCard);
    await settled();
    // The touched answer waits for the next tap.
    expect(desk.view().listening?.target).toEqual(slot(9));
    store.disk.fails = false;
    expect(await desk.act({ kind: "assign", id: USB, target: slot(3) })).toBeNull();
  });

  test("ends by itself a minute after the operator's last touch, however much is tapped", async () => {
    const { desk, clock, device, taps, finder, show } = deskBed();
    show(found());
    await desk.act({ kind: "listen", ask: false, target: null });
    for (let at = 0; at < LISTEN_MS; at += 1_000) {
      device(A).tap(CARD);
      clock.goOn(1_000);
    }
    expect([desk.view().listening, finder.ears.size, taps.length]).toEqual([null, 0, 0]);
    device(A).tap(CARD);
    expect(taps).toHaveLength(1);
  });

  test("a device whose kind is known without a tap can be taken at once; at the bound none", async () => {
    const { desk, show, mapping } = deskBed();
    show(found(USB, { spec: SPEC }));
    expect(await desk.act({ kind: "assign", id: USB, target: null })).toBeNull();
    for (let n = 3; n < MAX_READERS; n++) {
      const id = `serial:/dev/r${n}`;
      show(found(id, { spec: `${id}?protocol=rdm6300` }));
      expect(await desk.act({ kind: "assign", id, target: null })).toBeNull();
    }
    show(found("serial:/dev/more", { spec: SPEC }));
    expect(await desk.act({ kind: "assign", id: "serial:/dev/more", target: null })).toEqual(
      say("too-many-readers", { most: MAX_READERS }),
    );
    expect(mapping.now().readers).toHaveLength(MAX_READERS);
  });

  test("a device that goes is forgotten, and so is what was heard there", async () => {
    const { desk, show, tell, finder } = deskBed();
    show(found());
    await desk.act({ kind: "listen", ask: false, target: null });
    tell(heardCard);
    show();
    expect(finder.ears.size).toBe(0);
    expect(await desk.act({ kind: "assign", id: USB, target: slot(3) })).toEqual(say("unknown-device"));
    show(found());
    expect(await desk.act({ kind: "assign", id: USB, target: slot(3) })).toEqual(say("device-not-heard"));
  });
});

describe("listening on a device", () => {
  const begun = async (device = found()) => {
    const bed = deskBed();
    bed.show(device);
    await bed.desk.act({ kind: "listen", ask: true, target: null });
    return { ...bed, heard: () => bed.desk.view().listening?.heard };
  };

  test("goes on after a tag was heard, without writing to it any more, until it is heard again", async () => {
    const { clock, finder, tell, heard, at } = await begun();
    expect(finder.ears.get(USB)?.mayAsk).toBe(true);
    const first = finder.ears.get(USB);
    tell(heardCard);
    const before = heard()?.atMs ?? 0;
    clock.goOn(1_000);
    await settled();
    expect([finder.ears.get(USB) === first, finder.ears.get(USB)?.mayAsk, at(USB)?.listening]).toEqual([
      false,
      false,
      "heard",
    ]);
    // It still lies there.
    tell(heardCard);
    expect(heard()?.atMs).toBe(before);
    clock.goOn(5_000);
    await settled();
    tell(heardCard);
    expect(heard()?.atMs).toBe(before + 6_000);
    tell({ ...heardCard, tag: tagOf(9, 9, 9, 9) });
    clock.goOn(10);
    expect(heard()).toMatchObject({ id: USB });
  });

  test("whose kind was known goes on by itself", async () => {
    const { clock, finder, tell } = await begun(found(USB, { spec: SPEC }));
    const first = finder.ears.get(USB);
    tell(heardCard);
    clock.goOn(10_000);
    expect(finder.ears.get(USB)).toBe(first);
  });

  test("is begun anew only when the port is closed", async () => {
    const { clock, finder, tell } = await begun();
    const { promise, resolve } = Promise.withResolvers<void>();
    finder.slowClose = promise;
    tell(heardCard);
    clock.goOn(1_000);
    await settled();
    expect(finder.ears.size).toBe(0);
    resolve();
    await settled();
    expect(finder.ears.size).toBe(1);
  });

  test("that is taken is tried again, and says why meanwhile", async () => {
    const { clock, finder, tell, at } = await begun();
    const first = finder.ears.get(USB);
    const taken = say("port-taken", { port: USB });
    tell({ kind: "trouble", reason: taken });
    expect(at(USB)).toMatchObject({ listening: null, trouble: taken });
    clock.goOn(5_000);
    await settled();
    expect(finder.ears.get(USB)).not.toBe(first);
    expect(at(USB)).toMatchObject({ listening: "listening", trouble: null });
  });

  test("that was silent is listened on again when the operator asks for it again", async () => {
    const { clock, desk, finder, tell, at } = await begun();
    const first = finder.ears.get(USB);
    tell({ kind: "silent" });
    clock.goOn(5_000);
    expect([at(USB)?.listening, finder.ears.get(USB)]).toEqual(["silent", first]);
    await desk.act({ kind: "listen", ask: false, target: slot(1) });
    await settled();
    expect(at(USB)?.listening).toBe("listening");
    first?.say({ kind: "silent" });
    expect(at(USB)?.listening).toBe("listening");
  });
});
