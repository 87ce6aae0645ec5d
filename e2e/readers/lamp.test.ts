/** A reader that has to be asked and has lamps, at the real programs: a vote at it, and what its lamps show of it. */
import { afterAll, expect, test } from "vitest";
import { HAS_SOCAT, openSerialLine, type SerialLine } from "../rig/pty.ts";
import { startServerProgram } from "../rig/server-program.ts";
import { startStationProgram } from "../rig/station-program.ts";
import { until } from "../rig/within.ts";

const stops: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const stop of stops.toReversed()) await stop();
});

/** Questions to an SM130 and its answers, by its datasheet; a seek is answered by 4C, then by the tag if one lies there. */
const FIRMWARE = "ff00018182";
const ANTENNA_ON = "ff0002900193";
const SEEK = "ff00018283";
const PORTS = /ff000292(0[0-2])9[4-6]$/;
const TAG = Buffer.from("ff00068202d45a8d559a", "hex");

/** An SM130 on the line. */
function play(line: SerialLine) {
  const ports: number[] = [];
  let heard = "";
  let lies = false;
  const say = (hex: string) => void line.write(Buffer.from(hex, "hex"));
  const answer = () => {
    const port = PORTS.exec(heard)?.[1];
    if (heard.endsWith(FIRMWARE)) say("ff000881554d20312e336340");
    else if (heard.endsWith(ANTENNA_ON)) say(ANTENNA_ON);
    else if (heard.endsWith(SEEK))
      void line.write(Buffer.concat([Buffer.from("ff0002824cd0", "hex"), lies ? TAG : Buffer.alloc(0)]));
    else if (port !== undefined) {
      ports.push(Number(port));
      say(heard.slice(-12));
    } else return;
    heard = "";
  };
  line.onBytes((bytes) => {
    for (const byte of bytes) {
      heard += byte.toString(16).padStart(2, "0");
      answer();
    }
  });
  return { ports, put: () => (lies = true), take: () => (lies = false) };
}

test.skipIf(!HAS_SOCAT)(
  `a tag on an SM130 is one vote, and its lamp says good when the vote is stored${HAS_SOCAT ? "" : " (not run: socat is missing)"}`,
  async () => {
    const server = await startServerProgram();
    stops.push(() => server.stop());
    const line = await openSerialLine();
    stops.push(() => line.unplug());
    const reader = play(line);
    const station = await startStationProgram({
      server: server.url,
      readers: [`serial:${line.path}?protocol=sm130&slot=2`],
    });
    stops.push(() => station.stop());
    await server.organiser.admit(station.url);
    const { id } = await server.organiser.createPoll({ question: "Which?", options: ["a", "b"], counts: "first" });
    await server.organiser.open(id);
    // A new question takes no taps for a moment, which the other lamp tells: tapped again until it is taken.
    await until("the lamp to say good", async () => {
      reader.put();
      await until("a lamp", () => reader.ports.length > 0);
      reader.take();
      const [shown] = reader.ports.splice(0);
      await until("it to go out", () => reader.ports.splice(0).includes(0));
      return shown === 1;
    });
    await expect(server.organiser.tallyToBe(id, [0, 1])).resolves.toBeUndefined();
  },
  // Two programs, and the moment in which a new question takes no taps.
  40_000,
);
