import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesOfHex, toHex } from "../../../shared/bytes.ts";
import { say, type Sentence } from "../../../shared/sentences/sentence.ts";
import { FIRST_LIFE, type LifeEffect, type LifeEvent, MAX_TRIES, QUICK_TRIES, stepLife } from "./life.ts";

const UID = bytesOfHex("04a1b2c3d4e5f6");
const OTHER = bytesOfHex("01020304");
const DIED = say("pcscd-dead", { socket: "/run/pcscd/pcscd.comm", command: "restart" });

/** A life, told what happens; `did` is what came of it since last asked. */
function live() {
  let life = FIRST_LIFE;
  let effects: LifeEffect[] = [];
  const happened = (event: LifeEvent) => {
    const [next, ...more] = stepLife(life, event);
    life = next;
    effects.push(...more);
  };
  let events = 0;
  let incarnation = 1;
  const look = (present: boolean, moved: number) => {
    events = (events + moved) & 0xffff;
    happened({ kind: "seen", look: { incarnation, events, present } });
  };
  return {
    happened,
    come: (moved = 1) => look(true, moved),
    leave: (moved = 1) => look(false, moved),
    look,
    away: () => happened({ kind: "away", reason: DIED }),
    back(present: boolean) {
      incarnation++;
      events = 0;
      look(present, 0);
    },
    answers: (uid: Uint8Array) => happened({ kind: "asked", attempt: life.attempt, result: { kind: "uid", uid } }),
    fails: () => happened({ kind: "asked", attempt: life.attempt, result: { kind: "bad" } }),
    troubled: (reason: Sentence) =>
      happened({ kind: "asked", attempt: life.attempt, result: { kind: "trouble", reason } }),
    retry: () => happened({ kind: "retryDue", attempt: life.attempt }),
    gap: () => happened({ kind: "gapOver", attempt: life.attempt }),
    attempt: () => life.attempt,
    did(): string[] {
      const words = effects.map(wordOf);
      effects = [];
      return words;
    },
  };
}

function wordOf(effect: LifeEffect): string {
  if (effect.kind === "sight") return `${effect.sighting} ${toHex(effect.uid)}`;
  if (effect.kind === "tell") return effect.state.kind === "lost" ? effect.state.reason.code : "present";
  return effect.kind;
}

test("a card comes, is asked, is seen once, and is removed when it was away for the gap", () => {
  const reader = live();
  reader.leave(0);
  expect(reader.did()).toEqual(["present"]);
  reader.come();
  expect(reader.did()).toEqual(["ask"]);
  reader.answers(UID);
  expect(reader.did()).toEqual([`present ${toHex(UID)}`]);
  reader.look(true, 0);
  expect(reader.did()).toEqual([]);
  reader.leave();
  expect(reader.did()).toEqual(["close", "gapAfter"]);
  reader.gap();
  expect(reader.did()).toEqual([`removed ${toHex(UID)}`]);
});

describe("one presentation", () => {
  const withCard = () => {
    const reader = live();
    reader.come(0);
    reader.answers(UID);
    reader.did();
    return reader;
  };

  test("is not over when the card wavers at the edge of the field", () => {
    const reader = withCard();
    reader.leave();
    reader.come();
    reader.answers(UID);
    expect(reader.did().filter((word) => /^(present|removed)/.test(word))).toEqual([]);
  });

  test("is not over when it went and came between two looks", () => {
    const reader = withCard();
    reader.come(2);
    expect(reader.did()).toEqual(["close", "ask"]);
    reader.answers(UID);
    expect(reader.did()).toEqual([]);
  });

  test("is over at once when another card is there", () => {
    const reader = withCard();
    reader.come(2);
    reader.answers(OTHER);
    expect(reader.did().slice(-2)).toEqual([`removed ${toHex(UID)}`, `present ${toHex(OTHER)}`]);
  });

  test("is not over when pcscd is started again below it", () => {
    const reader = withCard();
    reader.away();
    expect(reader.did()).toEqual(["close", "pcscd-dead"]);
    reader.back(true);
    reader.answers(UID);
    expect(reader.did()).toEqual(["present", "ask"]);
  });

  test("is over when the card has gone while nobody could look", () => {
    const reader = withCard();
    reader.away();
    reader.back(false);
    expect(reader.did()).toEqual(["close", "pcscd-dead", "present", "gapAfter"]);
    reader.gap();
    expect(reader.did()).toEqual([`removed ${toHex(UID)}`]);
  });

  test("has one gap, which a look in between does not put off", () => {
    const reader = withCard();
    reader.leave();
    const attempt = reader.attempt();
    reader.look(false, 0);
    reader.happened({ kind: "gapOver", attempt });
    expect(reader.did()).toEqual(["close", "gapAfter", `removed ${toHex(UID)}`]);
  });
});

describe("a card that does not answer", () => {
  test("is asked again, then the voter is told, once; and it may still come", () => {
    const reader = live();
    reader.come(0);
    for (let tries = 1; tries < QUICK_TRIES; tries++) {
      reader.fails();
      reader.retry();
    }
    expect(reader.did()).not.toContain("badFrame");
    reader.fails();
    expect(reader.did()).toContain("badFrame");
    reader.retry();
    reader.fails();
    reader.retry();
    reader.answers(UID);
    expect(reader.did()).toEqual(["ask", "close", "retryAfter", "ask", `present ${toHex(UID)}`]);
  });

  test("is left alone after some tries", () => {
    const reader = live();
    reader.come(0);
    let asked = 0;
    for (let round = 0; round < 3 * MAX_TRIES; round++) {
      asked += reader.did().filter((word) => word === "ask").length;
      reader.fails();
      reader.retry();
    }
    expect(asked).toBe(MAX_TRIES);
  });

  test("and goes before it answered: told, and no sighting, even if the answer still comes", () => {
    const reader = live();
    reader.leave(0);
    reader.come();
    const attempt = reader.attempt();
    reader.leave();
    reader.happened({ kind: "asked", attempt, result: { kind: "uid", uid: UID } });
    expect(reader.did()).toEqual(["present", "ask", "close", "badFrame"]);
  });

  test("because it came and went between two looks: told", () => {
    const reader = live();
    reader.leave(0);
    reader.leave(2);
    expect(reader.did()).toEqual(["present", "badFrame"]);
  });
});

test("a reader that another program holds is lost in words, tried again, and back without more", () => {
  const reader = live();
  reader.come(0);
  reader.troubled(say("card-reader-taken", { reader: "ACR" }));
  expect(reader.did()).toEqual(["present", "ask", "close", "retryAfter", "card-reader-taken"]);
  reader.retry();
  reader.troubled(say("card-reader-taken", { reader: "ACR" }));
  expect(reader.did()).toEqual(["ask", "close", "retryAfter"]);
  reader.retry();
  reader.answers(UID);
  expect(reader.did()).toEqual(["ask", "present", `present ${toHex(UID)}`]);
});

test("the count of comings and goings runs over without being taken for many", () => {
  const reader = live();
  reader.happened({ kind: "seen", look: { incarnation: 1, events: 0xffff, present: false } });
  reader.happened({ kind: "seen", look: { incarnation: 1, events: 0, present: true } });
  expect(reader.did()).toEqual(["present", "ask"]);
});

test("after stop nothing happens", () => {
  const reader = live();
  reader.come(0);
  reader.happened({ kind: "stop" });
  reader.did();
  reader.answers(UID);
  reader.away();
  reader.come();
  expect(reader.did()).toEqual([]);
});

test("whatever happens, sightings alternate, and the same state is not told twice", () => {
  const step = fc.constantFrom(
    "come",
    "leave",
    "look",
    "away",
    "back",
    "backEmpty",
    "uid",
    "other",
    "bad",
    "retry",
    "gap",
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const reader = live();
      for (const word of steps) {
        if (word === "come") reader.come();
        if (word === "leave") reader.leave();
        if (word === "look") reader.come(2);
        if (word === "away") reader.away();
        if (word === "back") reader.back(true);
        if (word === "backEmpty") reader.back(false);
        if (word === "uid") reader.answers(UID);
        if (word === "other") reader.answers(OTHER);
        if (word === "bad") reader.fails();
        if (word === "retry") reader.retry();
        if (word === "gap") reader.gap();
      }
      const did = reader.did();
      const sighted = did.filter((word) => /^(present|removed) /.test(word));
      for (const [at, word] of sighted.entries()) {
        expect(word).toMatch(at % 2 === 0 ? /^present/ : `removed ${sighted[at - 1]?.replace("present ", "")}`);
      }
      const told = did.filter((word) => word === "present" || word === DIED.code);
      for (const [at, word] of told.entries()) expect(word).not.toBe(told[at - 1]);
    }),
  );
});
