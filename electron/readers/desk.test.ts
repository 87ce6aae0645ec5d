import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { PLAIN_FORMAT } from "../../shared/domain/mapping.ts";
import { PanelState } from "../../shared/events/operator.ts";
import { inEnglish, say } from "../../shared/sentences/sentence.ts";
import { tagOf } from "./bed.testing.ts";
import { deskView } from "./desk-view.ts";
import { A, B, CARD, deskBed, found, settled, slot, SPEC, USB } from "./desk-bed.testing.ts";
import { LINGER_MS } from "./desk.ts";
import { WIZARD_MS } from "./wizard-run.ts";

describe("looking for devices", () => {
  test("costs nothing before a panel is open, and ends soon after the last is closed", () => {
    const { clock, finder, desk, close } = deskBed();
    const other = desk.onChange(() => {});
    expect(finder.running).toBe(1);
    close();
    close();
    clock.goOn(LINGER_MS * 2);
    expect(finder.running).toBe(1);
    other();
    clock.goOn(LINGER_MS - 1);
    expect(finder.running).toBe(1);
    clock.goOn(1);
    expect([finder.running, clock.set()]).toEqual([0, 0]);
    expect(deskBed({ open: false }).finder.running).toBe(0);
  });

  test("a page that is loaded anew finds everything as it was", async () => {
    const { clock, desk, close, finder } = deskBed();
    await desk.act({ kind: "listen", ask: false, target: null });
    close();
    clock.goOn(LINGER_MS - 1);
    desk.onChange(() => {});
    clock.goOn(LINGER_MS);
    expect([finder.running, desk.view().listening !== null]).toEqual([1, true]);
  });

  test("shows what is there and not in use, with what is in the way of it", () => {
    const { desk, finder, show, at } = deskBed();
    const taken = say("port-taken", { port: "/dev/odd" });
    const unlisted = say("ports-unlisted", { message: "udev is not running", flag: "--reader" });
    show(found(), found(A), found("serial:/dev/odd", { trouble: taken }));
    finder.events?.onTrouble(unlisted);
    expect(desk.view().devices.map(({ id, trouble }) => [id, trouble])).toEqual([
      [USB, null],
      ["serial:/dev/odd", taken],
    ]);
    expect(at(USB)).toMatchObject({ listening: null, found: null });
    expect(desk.view().troubles).toEqual([{ kind: "serial", reason: unlisted }]);
    show();
    expect(desk.view().devices).toEqual([]);
  });

  test("a port that a reader has by another name is in use, too", () => {
    const { desk, show } = deskBed();
    show(found("serial:/dev/serial/by-path/usb-2"), found(), found("serial:/dev/none"));
    expect(desk.view().devices.map(({ id }) => id)).toEqual([USB, "serial:/dev/none"]);
  });

  test("tells the panel at once and then at most ten times a second", () => {
    const { clock, show, told } = deskBed();
    clock.goOn(1_000);
    const before = told();
    for (let n = 0; n < 100; n++) {
      show(found(USB, { name: `Adapter ${n}` }));
      clock.goOn(10);
    }
    clock.goOn(1_000);
    expect(told() - before).toBe(11);
  });
});

test("where every device of a kind is wanted, each is taken as it comes, and one let go by hand is not taken again", async () => {
  const { desk, show, readers, store, clock, targetOf } = deskBed({ open: false, takeAll: ["serial"] });
  store.disk.fails = true;
  show(found(USB, { spec: SPEC }), found("serial:/dev/mute"));
  await settled();
  expect(readers.holds(USB)).toBe(false);
  store.disk.fails = false;
  clock.goOn(10_000);
  show(found(USB, { spec: SPEC }));
  await settled();
  expect(readers.holds(USB)).toBe(true);
  await desk.act({ kind: "assign", id: USB, target: slot(4) });
  show(found(USB, { spec: SPEC }));
  await settled();
  expect(targetOf(USB)).toEqual(slot(4));
  await desk.act({ kind: "remove", id: USB });
  await settled();
  clock.goOn(10_000);
  show(found(USB, { spec: SPEC }));
  await settled();
  expect(readers.holds(USB)).toBe(false);
});

describe("the rest of the panel", () => {
  test("renames, swaps, sets and removes; a reader of the command line is not removed", async () => {
    const { desk, targetOf } = deskBed();
    await desk.act({ kind: "swap", a: A, b: B });
    await desk.act({ kind: "rename", id: A, name: "Door" });
    await desk.act({ kind: "set-gap", id: A, gapMs: 900 });
    await desk.act({ kind: "set-format", id: A, format: { ...PLAIN_FORMAT, reversed: true } });
    expect([targetOf(A), targetOf(B)]).toEqual([slot(2), slot(1)]);
    expect(desk.view().readers[0]).toMatchObject({ name: "Door", gapMs: 900, format: { reversed: true }, fixed: true });
    expect(await desk.act({ kind: "remove", id: A })).toEqual(say("reader-fixed", { flag: "--reader" }));
    expect(await desk.act({ kind: "rename", id: "x", name: "y" })).toEqual(say("unknown-reader"));
  });

  test("tries a reader's lamp, and says where there is none", async () => {
    const { desk, device } = deskBed();
    expect(await desk.act({ kind: "test-signal", id: A, signal: "bad" })).toBeNull();
    expect(device(A).signals).toEqual(["bad"]);
    expect(await desk.act({ kind: "test-signal", id: "x", signal: "bad" })).toEqual(say("reader-without-signal"));
  });

  test("a conflict is shown until it is dismissed", async () => {
    const { desk, mapping } = deskBed();
    await mapping.change(99, [{ id: A, name: "X", target: null }]);
    expect(desk.view().mapping).toMatchObject({ revision: 1, conflict: { revision: 99 } });
    await desk.act({ kind: "dismiss-conflict" });
    expect(desk.view().mapping.conflict).toBeNull();
  });

  test("the view is as the page expects it, whatever devices say of themselves", async () => {
    const { desk, show, tell, device, finder } = deskBed();
    const odd = "\u0007".repeat(900);
    const reason = say("port-fails", { port: odd, message: odd });
    show(found(USB, { name: odd, port: odd, trouble: null }));
    finder.events?.onTrouble(reason);
    await desk.act({ kind: "listen", ask: true, target: slot(1) });
    await desk.act({ kind: "listen", ask: true, target: null });
    tell({ kind: "heard", spec: SPEC, title: odd, tag: CARD });
    device(A).events.onState({ kind: "lost", reason });
    device(B).events.onState({ kind: "present" });
    device(B).tap(CARD);
    await desk.act({ kind: "start-wizard", a: A, b: B });
    const { readers, devices, troubles, listening, wizard, mapping, collisions } = PanelState.entries;
    const shape = v.strictObject({ readers, devices, troubles, listening, wizard, mapping, collisions });
    expect(v.parse(shape, desk.view())).toEqual(desk.view());
    tell({ kind: "trouble", reason });
    expect(v.parse(shape, desk.view())).toEqual(desk.view());
  });

  test.each(["damaged", "unreadable"] as const)("says that what was kept of the readers is %s", (why) => {
    const { mapping } = deskBed();
    const nothing = { readers: [], devices: [], listening: null, wizard: null, collisions: 0, nowMs: 0 };
    const noPcscd = { kind: "pcsc" as const, reason: say("pcscd-silent", { command: "restart" }) };
    const parts = { ...nothing, heardAt: () => undefined, troubles: [noPcscd] };
    expect(deskView({ ...parts, mapping }).troubles).toHaveLength(1);
    const view = deskView({ ...parts, mapping: { ...mapping, lost: () => why } });
    const [lost, ...others] = v.parse(PanelState.entries.troubles, view.troubles);
    expect(lost).toMatchObject({ kind: null, reason: { code: `mapping-${why}` } });
    expect(lost && inEnglish(lost.reason)).toContain("readers.json");
    expect(others).toEqual([noPcscd]);
  });

  test("stops whole: nothing is listened on, and no timer is left", async () => {
    const { desk, show, finder, clock, readers } = deskBed();
    show(found());
    await desk.act({ kind: "listen", ask: false, target: null });
    await desk.act({ kind: "start-wizard", a: A, b: B });
    await desk.stop();
    await readers.stop();
    expect([finder.ears.size, finder.running, clock.set()]).toEqual([0, 0, 0]);
  });
});

describe("the format wizard", () => {
  const forwards = (n: number) => tagOf(n, 0xce, 0x75, 0x4c);
  const backwards = (n: number) => tagOf(0x4c, 0x75, 0xce, n);

  test("the same tags on two readers find the setting, taps are no votes meanwhile, and it is taken over", async () => {
    const { desk, device, taps, mapping, clock } = deskBed();
    expect(await desk.act({ kind: "start-wizard", a: A, b: A })).toEqual(say("same-reader"));
    expect(await desk.act({ kind: "apply-format" })).toEqual(say("format-not-found"));
    expect(await desk.act({ kind: "start-wizard", a: A, b: B })).toBeNull();
    for (let n = 0x30; n < 0x35 && desk.view().wizard?.result?.kind !== "change"; n++) {
      device(A).tap(forwards(n));
      device(A).tap(forwards(n));
      expect(desk.view().wizard?.seen).toEqual([true, false]);
      device(B).tap(backwards(n));
      device(B).tap(backwards(n));
      clock.goOn(1_000);
    }
    expect(desk.view().wizard?.result).toMatchObject({ kind: "change" });
    for (let n = 0; n < 2 && desk.view().wizard?.result?.kind === "change"; n++)
      await desk.act({ kind: "apply-format" });
    expect(desk.view().wizard?.result).toEqual({ kind: "agree" });
    await desk.act({ kind: "stop-wizard" });
    expect(taps).toEqual([]);
    device(A).tap(forwards(0x40));
    device(B).tap(backwards(0x40));
    const [a, b] = taps.map(([{ uid }]) => [...uid].join());
    expect([taps.length, a]).toEqual([2, b]);
    expect(mapping.readers().map(({ format }) => format)).not.toEqual([PLAIN_FORMAT, PLAIN_FORMAT]);
  });

  test("two different tags do not agree, and the next two are looked at afresh", async () => {
    const { desk, device, clock } = deskBed();
    await desk.act({ kind: "start-wizard", a: A, b: B });
    device(A).tap(forwards(0x30));
    device(B).tap(tagOf(0x11, 0x22, 0x33, 0x44));
    expect(desk.view().wizard).toMatchObject({ seen: [true, true], result: { kind: "disagree" } });
    clock.goOn(1_000);
    device(B).tap(forwards(0x31));
    expect(desk.view().wizard).toMatchObject({ seen: [false, true], result: null });
  });

  test("ends by itself, and when one of its readers is let go it is gone", async () => {
    const { desk, clock, device, taps, show } = deskBed();
    await desk.act({ kind: "start-wizard", a: A, b: B });
    clock.goOn(WIZARD_MS);
    expect(desk.view().wizard).toBeNull();
    device(A).tap(CARD);
    expect(taps).toHaveLength(1);
    show(found(USB, { spec: SPEC }));
    await desk.act({ kind: "assign", id: USB, target: null });
    await desk.act({ kind: "start-wizard", a: A, b: USB });
    await desk.act({ kind: "remove", id: USB });
    expect(desk.view().wizard).toBeNull();
    clock.goOn(1_000);
    device(A).tap(CARD);
    expect(taps).toHaveLength(2);
  });
});
