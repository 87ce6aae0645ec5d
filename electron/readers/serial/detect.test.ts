import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ascii, concatBytes, toHex } from "../../../shared/bytes.ts";
import { PUBLIC_FRAMES } from "../public-frames.ts";
import { createDetection, type DetectAct } from "./detect.ts";
import { playPn532, playSm130, type PlayDevice } from "./device-peers.testing.ts";
import { serialProtocol, type ProtocolName } from "./protocols.ts";

/** Goes through the whole detection; `line` says what arrives at each rate, each time its turn comes. */
function detect(line: (baud: number, turn: number) => readonly Uint8Array[], mayAsk = false) {
  const detection = createDetection(mayAsk);
  const written: string[] = [];
  const bauds: number[] = [];
  let waitedMs = 0;
  let acts = detection.begin();
  for (;;) {
    const later: DetectAct[] = [];
    let lastWaitMs = 0;
    for (const act of acts) {
      if (act.kind === "found" || act.kind === "silent") return { act, written, bauds, waitedMs };
      if (act.kind === "write") written.push(toHex(act.bytes));
      if (act.kind === "wait") lastWaitMs = act.ms;
      if (act.kind === "open") {
        bauds.push(act.baud);
        later.push(...detection.opened(), ...line(act.baud, bauds.length).flatMap((bytes) => detection.push(bytes)));
      }
    }
    waitedMs += lastWaitMs;
    acts = later.length > 0 ? later : detection.due();
  }
}

/** Frames as their device sends them at its rate, and noise at the others. */
function sends(baud: number, ...frames: readonly Uint8Array[]) {
  const noise = Uint8Array.from({ length: 60 }, (_, at) => (at * 151 + 7) % 256);
  return (at: number) => (at === baud ? frames : [noise]);
}

const told = ({ act }: ReturnType<typeof detect>) => {
  return act.kind === "found" ? `${act.protocol}@${act.baud} ${act.uid === null ? "-" : toHex(act.uid)}` : act.kind;
};

/** Byte for byte another's. */
const AS: Partial<Record<ProtocolName, ProtocolName>> = { grove: "rdm6300" };
const SPOKEN = PUBLIC_FRAMES.filter(({ protocol, uid }) => uid !== undefined && protocol !== "pn532");

test.each(SPOKEN)("a tag tapped twice tells a $protocol at its rate: $source", ({ protocol, bytes, uid }) => {
  const { baud } = serialProtocol(protocol);
  expect(told(detect(sends(baud, bytes, bytes)))).toBe(`${AS[protocol] ?? protocol}@${baud} ${uid}`);
});

test("with a checksum once is enough, without one the same number has to come again", () => {
  expect(told(detect(sends(9600, ascii("\x023C00CE754CCB\x03"))))).toBe("rdm6300@9600 3c00ce754c");
  const parallax = ascii("\n0F0184F07A\r");
  expect(told(detect(sends(2400, parallax, ascii("\n0F0184F07B\r"))))).toBe("silent");
  expect(told(detect(sends(2400, parallax, ascii("\n0F0184F07B\r"), parallax)))).toBe("parallax@2400 0f0184f07a");
});

test("one that has a checksum goes before one that has none, whatever both read in the same bytes", () => {
  const frame = ascii("\x023C00CE754CCB\x03");
  // Eleven digits in a row are an EasyIdent's number, too.
  expect(told(detect(sends(9600, concatBytes(frame, frame, frame))))).toBe("rdm6300@9600 3c00ce754c");
});

test("an Arduino that speaks faster is found at its rate", () => {
  expect(told(detect(sends(115_200, ascii("Card UID: 1B F0 76 41\r\n"))))).toBe("arduino@115200 1bf07641");
});

test("a tag that comes only in the second round is still heard", () => {
  const frame = ascii("\x023C00CE754CCB\x03");
  const { act, bauds } = detect((baud, turn) => (baud === 9600 && turn > 1 ? [frame] : []));
  expect(act).toMatchObject({ kind: "found", protocol: "rdm6300" });
  expect(bauds.filter((baud) => baud === 9600)).toHaveLength(2);
});

test("noise alone is nothing, and everything is over in less than a minute", () => {
  const { act, written, waitedMs } = detect(sends(1));
  expect([act.kind, written]).toEqual(["silent", []]);
  expect(waitedMs).toBeLessThan(60_000);
});

test("whatever the line carries it ends, and nothing is written that was not allowed", () => {
  const piece = fc.oneof(fc.uint8Array({ maxLength: 30 }), fc.constantFrom(...PUBLIC_FRAMES.map(({ bytes }) => bytes)));
  const stream = fc.array(piece, { maxLength: 6 });
  fc.assert(
    fc.property(fc.infiniteStream(stream), fc.boolean(), (streams, mayAsk) => {
      const { act, written } = detect(() => [...streams.take(1)].flat(), mayAsk);
      expect(["found", "silent"]).toContain(act.kind);
      expect(mayAsk || written.length === 0).toBe(true);
    }),
  );
});

describe("asking", () => {
  const DEVICES: readonly [string, number, PlayDevice][] = [
    ["sm130", 19_200, playSm130],
    ["sm130", 57_600, playSm130],
    ["pn532", 115_200, playPn532],
  ];

  /** The end of a detection with this device on the line, at this rate. */
  function askAll(play: PlayDevice, itsBaud: number): DetectAct {
    const detection = createDetection(true);
    const heard: Uint8Array[] = [];
    const peer = play(
      (bytes) => heard.push(bytes),
      (_, run) => run(),
    );
    let baud = 0;
    let acts = detection.begin();
    for (;;) {
      const end = acts.find((act) => act.kind === "found" || act.kind === "silent");
      if (end !== undefined) return end;
      for (const act of acts) if (act.kind === "write" && baud === itsBaud) peer.hear(act.bytes);
      const open = acts.find((act) => act.kind === "open");
      baud = open?.baud ?? baud;
      if (open !== undefined) acts = detection.opened();
      else acts = heard.length > 0 ? heard.splice(0).flatMap((bytes) => detection.push(bytes)) : detection.due();
    }
  }

  test.each(DEVICES)("finds a %s at %i", (protocol, baud, play) => {
    expect(askAll(play, baud)).toEqual({ kind: "found", protocol, baud, uid: null });
  });

  test("nothing is written unless the operator allowed it", () => {
    expect(detect(() => [], false).written).toEqual([]);
    expect(detect(() => [], true).written.length).toBeGreaterThan(0);
  });
});
