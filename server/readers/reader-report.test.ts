import { describe, expect, test } from "vitest";
import { FRAME, type FrameOf, type PackedReaderReport } from "../../shared/link/frames.ts";
import { createReaderDesk } from "./reader-desk.ts";
import { addPart, type ReportParts } from "./reader-report.ts";

const packed = (at: number): PackedReaderReport => [`usb-${at}`, `Reader ${at}`, [1, 1 + at], 1, null, 7, at, 0];
const part = (from: number, count: number, total: number, revision = 3): FrameOf<"readers"> => [
  FRAME.readers,
  revision,
  false,
  from,
  total,
  Array.from({ length: count }, (_, at) => packed(from + at)),
];

/** Ids of the reports that these frames come to. */
function reportsOf(...frames: FrameOf<"readers">[]): string[][] {
  let parts: ReportParts = null;
  return frames.flatMap((frame) => {
    const next = addPart(parts, frame);
    parts = next.parts;
    return next.report === null ? [] : [next.report.readers.map(({ id }) => id)];
  });
}
const ids = (count: number) => Array.from({ length: count }, (_, at) => `usb-${at}`);

describe("a station's report of its readers", () => {
  test("in one frame is read as it was meant", () => {
    const lost: PackedReaderReport = ["usb-9", "Bar", null, 2, "unplugged", null, 0, 4];
    const { report, parts } = addPart(null, [FRAME.readers, 3, true, 0, 2, [packed(1), lost]]);
    expect(parts).toBeNull();
    expect(report).toEqual({
      revision: 3,
      testMode: true,
      readers: [
        {
          id: "usb-1",
          name: "Reader 1",
          target: { kind: "slot", slot: 2 },
          state: "present",
          reason: null,
          lastTapMs: 7,
          taps: 1,
          errors: 0,
        },
        {
          id: "usb-9",
          name: "Bar",
          target: null,
          state: "lost",
          reason: "unplugged",
          lastTapMs: null,
          taps: 0,
          errors: 4,
        },
      ],
    });
  });

  test("of no readers is one", () => {
    expect(reportsOf(part(0, 0, 0))).toEqual([[]]);
  });

  test("in several frames is there with the last of them", () => {
    expect(reportsOf(part(0, 32, 70), part(32, 32, 70), part(64, 6, 70))).toEqual([ids(70)]);
  });

  test("is thrown away where a frame does not follow the last, and the next report is read", () => {
    const whole = [part(0, 32, 40), part(32, 8, 40)];
    expect(reportsOf(part(32, 8, 40), ...whole)).toEqual([ids(40)]);
    expect(reportsOf(part(0, 32, 40), part(33, 7, 40), ...whole)).toEqual([ids(40)]);
    expect(reportsOf(part(0, 32, 40), part(32, 8, 40, 4), ...whole)).toEqual([ids(40)]);
    expect(reportsOf(part(0, 32, 40), part(32, 9, 40), ...whole)).toEqual([ids(40)]);
    expect(reportsOf(part(0, 32, 40), ...whole)).toEqual([ids(40)]);
  });
});

describe("the desk", () => {
  const report = (count: number) => {
    const made = addPart(null, part(0, count, count)).report;
    if (made === null) throw new Error("no report");
    return made;
  };

  test("has the last report of each station, and when it came", () => {
    let nowMs = 5;
    const desk = createReaderDesk(() => nowMs);
    desk.take("a", report(1));
    nowMs = 9;
    desk.take("a", report(2));
    expect(desk.reportOf("a")).toMatchObject({ atMs: 9, readers: [{ id: "usb-0" }, { id: "usb-1" }] });
    expect(desk.reportOf("b")).toBeUndefined();
  });

  test("keeps so many readers and no more: whoever spoke longest ago is forgotten first", () => {
    const desk = createReaderDesk(() => 0, 6);
    for (const station of ["a", "b", "c"]) desk.take(station, report(2));
    desk.take("a", report(2));
    desk.take("d", report(2));
    expect(["a", "b", "c", "d"].map((station) => desk.reportOf(station) !== undefined)).toEqual([
      true,
      false,
      true,
      true,
    ]);
    desk.take("e", report(9));
    expect(["a", "c", "d", "e"].map((station) => desk.reportOf(station) !== undefined)).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  test("says that a station is here while one of its links is", () => {
    const desk = createReaderDesk(() => 0);
    const [first, second] = [desk.joined("a"), desk.joined("a")];
    first();
    expect(desk.isHere("a")).toBe(true);
    second();
    expect(desk.isHere("a")).toBe(false);
  });
});
