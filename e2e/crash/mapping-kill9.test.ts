/** What the operator's panel said is done is still so after the station was killed in the same breath. */
import { afterEach, expect, test } from "vitest";
import { createOperatorHand } from "../rig/operator.ts";
import { startStationProgram } from "../rig/station-program.ts";

/** Nobody listens there. */
const NO_SERVER = "http://127.0.0.1:9";
const READER = "serial:/dev/not-there";
const PIN = "4071";
/** Two starts of a program, on a computer that does other things besides. */
const LIMIT_MS = 60_000;

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

test(
  "a reader assigned before SIGKILL stands for the same after it, whatever the command line began with",
  async () => {
    const readers = [`${READER}?protocol=rdm6300&slot=1`];
    const station = await startStationProgram({ server: NO_SERVER, readers });
    stops.push(() => station.stop());
    const operator = createOperatorHand(station.url);
    expect(await operator.enter(PIN)).toEqual({ state: "in" });
    const target = { kind: "slot" as const, slot: 7 };
    expect(await operator.act({ kind: "assign", id: READER, target })).toEqual({ status: 204, body: null });
    await station.kill9();
    await station.restart();
    const again = createOperatorHand(station.url);
    await again.enter(PIN);
    expect((await again.state()).readers).toMatchObject([{ id: READER, target, fixed: true }]);
  },
  LIMIT_MS,
);
