/** The real client and driver at a real pcscd with sixteen readers. */
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { toHex } from "../../../shared/bytes.ts";
import { inEnglish } from "../../../shared/sentences/sentence.ts";
import { systemClock } from "../../clock.ts";
import type { Reader } from "../driver.ts";
import type { Finder, FoundDevice, Heard } from "../finder.ts";
import { createBay, type BayView } from "./bay.ts";
import { createPcscFinder } from "./finder.ts";
import { openPcscReader, type PcscDeps } from "./pcsc-reader.ts";
import { parsePcscSpec, pcscSpecText } from "./pcsc-spec.ts";
import { openPcscdLink } from "./pcscd-link.ts";
import { openPcscdRig, type PcscdRig, whyNoPcscd } from "./pcscd-rig.testing.ts";

const WHY_NOT = await whyNoPcscd();
const WAIT = { timeout: 10_000, interval: 10 };
/** vpcd is looked at every 0.4 s by pcscd: what has not come after so long is not on its way. */
const GAP_MS = 300;

const deps: PcscDeps = {
  bay: createBay({
    openLink: () => openPcscdLink(),
    readUsb: async () => [],
    clock: systemClock,
    random: Math.random,
  }),
  setTimer: systemClock.setTimer,
};

const until = (look: () => void): Promise<void> => vi.waitFor(look, WAIT);
const uidOf = (at: number): string => `04a1b2c3d4e5${at.toString(16).padStart(2, "0")}`;

interface Listening {
  reader: Reader;
  seen: string[];
  states: string[];
  counts: { bad: number };
}

describe.skipIf(WHY_NOT !== null)(`readers at a real pcscd${WHY_NOT === null ? "" : ` (not run: ${WHY_NOT})`}`, () => {
  let rig: PcscdRig;
  let at: Listening[] = [];

  beforeAll(async () => {
    rig = await openPcscdRig();
    await rig.start();
  });
  afterEach(async () => {
    await Promise.all(rig.names.map((_, reader) => rig.remove(reader)));
    // pcscd has to see it too, or the next test begins with the cards of this one.
    let view: BayView = { kind: "starting" };
    const leave = deps.bay.attend((next) => void (view = next));
    await until(() => {
      if (view.kind !== "up" || view.readers.some(({ look }) => look.present)) throw new Error("cards are left");
    });
    await Promise.all(at.map(({ reader }) => reader.stop()));
    leave();
    at = [];
  });
  afterAll(() => rig.stop());

  function listen(number: number, gapMs = GAP_MS): Listening {
    const place = (rig.names[number] ?? "").replace(/ 00 00$/, "");
    const parsed = parsePcscSpec(`${pcscSpecText(place).slice("pcsc:".length)}?gap=${gapMs}`);
    if (!parsed.ok) throw new Error(parsed.why);
    const seen: string[] = [];
    const states: string[] = [];
    const counts = { bad: 0 };
    const reader: Reader = openPcscReader(
      parsed.value,
      {
        onSighting: ({ kind, tag }) => seen.push(`${kind} ${tag.form === "bytes" ? toHex(tag.bytes) : "digits"}`),
        onBadFrame: () => void counts.bad++,
        onState: (state) => states.push(state.kind === "present" ? "present" : inEnglish(state.reason)),
      },
      deps,
    );
    at.push({ reader, seen, states, counts });
    return { reader, seen, states, counts };
  }
  const allPresent = () => until(() => expect(at.map(({ states }) => states.at(-1))).toEqual(at.map(() => "present")));

  test("sixteen cards at sixteen readers are each seen once for each presentation", async () => {
    rig.names.forEach((_, number) => listen(number));
    await allPresent();
    for (let round = 1; round <= 2; round++) {
      await Promise.all(at.map((_, number) => rig.insert(number, uidOf(number))));
      const presented = (number: number) => Array.from({ length: round }, () => `present ${uidOf(number)}`);
      const only = (kind: string) => at.map(({ seen }) => seen.filter((word) => word.startsWith(kind)));
      await until(() => expect(only("present")).toEqual(at.map((_, number) => presented(number))));
      await Promise.all(at.map((_, number) => rig.remove(number)));
      await until(() => expect(only("removed").flat()).toHaveLength(at.length * round));
    }
    expect(at.map(({ counts }) => counts.bad)).toEqual(at.map(() => 0));
  });

  test.each(["pulled", "hollow"] as const)(
    "a card that is %s in the middle of the command is no sighting",
    async (manner) => {
      const { seen, counts, states } = listen(3);
      const { seen: beside } = listen(2);
      await allPresent();
      await rig.insert(3, uidOf(3), manner);
      await until(() => expect(counts.bad).toBe(1));
      expect(seen).toEqual([]);
      // Its neighbour in the same driver, and the reader itself, go on.
      await rig.insert(2, uidOf(2));
      await until(() => expect(beside).toEqual([`present ${uidOf(2)}`]));
      await rig.remove(3);
      await rig.insert(3, "01020304");
      await until(() => expect(seen).toEqual(["present 01020304"]));
      expect(states).toEqual(["present"]);
    },
  );

  test("pcscd killed and started again: all readers say so and come back, and what lay there is not seen again", async () => {
    // pcscd finds again what lies there within some looks; so long it counts as still there.
    rig.names.forEach((_, number) => listen(number, number === 0 ? 2_000 : GAP_MS));
    await allPresent();
    await rig.insert(0, uidOf(0));
    await until(() => expect(at[0]?.seen).toEqual([`present ${uidOf(0)}`]));
    await rig.kill();
    await until(() => {
      for (const { states } of at) expect(states.at(-1)).toMatch(/^pcscd has (stopped|died).*systemctl restart pcscd$/);
    });
    await rig.start();
    await allPresent();
    await rig.insert(1, uidOf(1));
    await until(() => expect(at[1]?.seen).toEqual([`present ${uidOf(1)}`]));
    expect(at[0]?.seen).toEqual([`present ${uidOf(0)}`]);
    await rig.remove(0);
    await until(() => expect(at[0]?.seen).toEqual([`present ${uidOf(0)}`, `removed ${uidOf(0)}`]));
  });

  test("the finder lists them, and reads a card only while somebody listens", async () => {
    const lists: (readonly FoundDevice[])[] = [];
    const finder: Finder = createPcscFinder(() => deps)({
      onDevices: (devices) => lists.push(devices),
      onTrouble: () => {},
    });
    try {
      await until(() => expect(lists.at(-1)).toHaveLength(16));
      const device = lists.at(-1)?.[4];
      if (device === undefined) throw new Error("no fifth device");
      expect(device).toMatchObject({ id: "pcsc:Rig C", name: "Rig C", spec: "pcsc:Rig C", trouble: null });
      const heard: Heard[] = [];
      const stop = finder.listen(device, false, (word) => heard.push(word));
      await rig.insert(4, "04112233445566");
      await until(() => expect(heard).toHaveLength(2));
      expect(heard).toEqual([
        { kind: "listening" },
        {
          kind: "heard",
          spec: "pcsc:Rig C",
          title: "Rig C",
          tag: { form: "bytes", bytes: Uint8Array.of(4, 17, 34, 51, 68, 85, 102), technology: "hf" },
        },
      ]);
      await stop();
    } finally {
      await finder.stop();
    }
  });
});
