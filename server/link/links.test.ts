import { expect, test } from "vitest";
import { createLinks } from "./links.ts";
import type { Session } from "./session.ts";

type State = Session["state"];

/** As much of a session as links look at. */
function sessionOf(station: string) {
  const arrival = { station, key: new Uint8Array(), version: 1, code: "", software: "", epoch: null, has: [] };
  let state: State = { step: "greeting" };
  const never = () => {};
  const session: Session = {
    get state() {
      return state;
    },
    onMessage: never,
    onStation: never,
    onTick: never,
    push: never,
    onClosed: never,
  };
  return {
    session,
    wait: () => void (state = { step: "waiting", station, arrival, sinceMs: 0 }),
    admit: () => void (state = { step: "admitted", station, version: 1, software: "", sinceMs: 0, reaches: new Map() }),
  };
}

function hall() {
  const links = createLinks<string>();
  const come = (peer: string, station: string) => {
    const own = sessionOf(station);
    links.add(peer, own.session);
    return {
      ...own,
      arrive(step: "wait" | "admit") {
        own[step]();
        links.arrived(peer, own.session);
      },
    };
  };
  const peersOf = (station: string) => links.of(station).map(([peer]) => peer);
  return { links, come, peersOf };
}

test("a station's links are found by it, oldest arrival first, and no other's", () => {
  const { come, peersOf } = hall();
  const [one, two, three] = [come("1", "a"), come("2", "a"), come("3", "b")];
  expect(peersOf("a")).toEqual([]);
  for (const each of [two, three, one]) each.arrive("admit");
  expect(peersOf("a")).toEqual(["2", "1"]);
  expect(peersOf("b")).toEqual(["3"]);
});

test("a link that is gone is found no more, whether it had arrived or not", () => {
  const { links, come, peersOf } = hall();
  come("1", "a").arrive("admit");
  come("2", "a").arrive("admit");
  come("3", "a");
  links.remove("1");
  links.remove("3");
  links.remove("never there");
  expect(peersOf("a")).toEqual(["2"]);
  links.remove("2");
  expect(peersOf("a")).toEqual([]);
  expect(links.size).toBe(0);
  // Nothing of it is kept: what has its place now is no link of that station.
  come("1", "b").arrive("admit");
  expect(peersOf("a")).toEqual([]);
});

test("who waits is told as long as they wait and are there", () => {
  const { links, come } = hall();
  const [one, two, three] = [come("1", "a"), come("2", "b"), come("3", "c")];
  for (const each of [one, two, three]) each.arrive("wait");
  two.admit();
  links.remove("3");
  expect(links.waiting()).toEqual([one.session]);
});
