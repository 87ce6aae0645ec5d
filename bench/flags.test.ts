import { expect, test } from "vitest";
import { readFlags } from "./flags.ts";

const wanted = (...args: string[]) => {
  const read = readFlags(args);
  if (!read.ok) throw new Error(read.complaint);
  return ["wire.tally50", "disk.perBallot", "fanout.burst"].filter(read.flags.wants);
};

test("without --only every row is wanted", () => {
  expect(wanted()).toEqual(["wire.tally50", "disk.perBallot", "fanout.burst"]);
});

test("--only takes several names, in one go or again and again", () => {
  expect(wanted("--only", "wire.tally50", "fanout.burst")).toEqual(["wire.tally50", "fanout.burst"]);
  expect(wanted("--only", "wire.tally50", "--only", "disk.perBallot")).toEqual(["wire.tally50", "disk.perBallot"]);
});

test("--json names the file", () => {
  expect(readFlags(["--json", "rows.json"])).toMatchObject({ ok: true, flags: { json: "rows.json" } });
});

test.each([
  [["--only", "wire.tally"], "no row is named wire.tally;"],
  [["wire.tally50"], "what is wire.tally50?"],
  [["--speed"], "--speed"],
  [["--json"], "--json"],
])("%j is refused with a reason", (args, complaint) => {
  expect(readFlags(args)).toMatchObject({ ok: false, complaint: expect.stringContaining(complaint) });
});

test("peers are run only when they are asked for", () => {
  expect(readFlags([])).toMatchObject({ ok: true, flags: { peers: false } });
  expect(readFlags(["--peers"])).toMatchObject({ ok: true, flags: { peers: true } });
});
