/** The link under stations that are none, over real sockets: it holds out, and goes on for those that are. */
import { deflateRawSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { CLOSE } from "../../shared/link/close-codes.ts";
import { LINK_SUBPROTOCOL, MAX_FRAME_BYTES } from "../../shared/link/limits.ts";
import { startServerProgram, type ServerProgram } from "../rig/server-program.ts";
import { stationHealth } from "../rig/station-health.ts";
import { startStationProgram, type StationProgram } from "../rig/station-program.ts";
import { until } from "../rig/within.ts";
import { cutAll, dial, dialMany, statusesOf, type Wire } from "./wire.ts";

/** Past server/link/link-server.ts, MAX_GREETING_LINKS. */
const TOO_MANY = 2_300;

let server: ServerProgram;
let station: StationProgram;
beforeAll(async () => {
  server = await startServerProgram();
  station = await startStationProgram({ server: server.url });
  await server.organiser.admit(station.url);
});
afterEach(cutAll);
afterAll(async () => {
  await station.stop();
  await server.stop();
});

const upgrade = (headers: Readonly<Record<string, string>> = {}) =>
  Object.entries({
    Host: "localhost",
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol": LINK_SUBPROTOCOL,
    ...headers,
  }).reduce((text, [name, value]) => (value === "" ? text : `${text}${name}: ${value}\r\n`), "GET /link HTTP/1.1\r\n") +
  "\r\n";

/** One frame as a client sends it (RFC 6455 §5.2), masked with zeros. */
function frame(
  opcode: number,
  payload: Uint8Array,
  { final = true, announced = payload.length, bits = 0 } = {},
): Buffer {
  const head = [(final ? 0x80 : 0) | bits | opcode];
  if (announced < 126) head.push(0x80 | announced);
  else if (announced < 65_536) head.push(0x80 | 126, announced >> 8, announced & 255);
  else head.push(0x80 | 127, ...new Uint8Array(new BigUint64Array([BigInt(announced)]).buffer).toReversed());
  return Buffer.concat([Uint8Array.from([...head, 0, 0, 0, 0]), payload]);
}

/** A WebSocket that has opened. */
async function link(): Promise<Wire> {
  const wire = await dial(server.url, upgrade());
  await until("the upgrade", () => statusesOf(wire.heard())[0] === 101);
  return wire;
}

/** The code of the close frame it ends with; undefined when there was none. */
async function closeCode(wire: Wire): Promise<number | undefined> {
  const bytes = Buffer.from(await wire.end(), "latin1");
  const at = bytes.lastIndexOf(0x88);
  return at < 0 || at + 4 > bytes.length ? undefined : bytes.readUInt16BE(at + 2);
}

/** A station that is one goes on as before. */
async function expectStationServed(): Promise<void> {
  expect((await server.organiser.stations()).stations).toMatchObject([{ connected: true }]);
  expect(await stationHealth(station.url)).toMatchObject({ link: "online" });
}

describe("a browser's WebSocket is refused,", () => {
  test.each([
    ["of another site", { Origin: "https://evil.example" }, 403],
    ["of the server's own", { Origin: "http://localhost" }, 403],
    ["by a name that is not this computer's", { Host: "evil.example" }, 403],
    ["without the link's subprotocol", { "Sec-WebSocket-Protocol": "" }, 400],
    ["without a key", { "Sec-WebSocket-Key": "" }, 400],
    ["of another version", { "Sec-WebSocket-Version": "99" }, 400],
  ])("%s", async (_, headers, status) => {
    const wire = await dial(server.url, upgrade(headers));
    expect(statusesOf(await wire.end())).toEqual([status]);
  });
});

test("compression is not agreed to, and a frame that says to be compressed ends the link", async () => {
  const wire = await dial(server.url, upgrade({ "Sec-WebSocket-Extensions": "permessage-deflate" }));
  await until("the upgrade", () => statusesOf(wire.heard())[0] === 101);
  expect(wire.heard().toLowerCase()).not.toContain("deflate");
  wire.write(frame(2, deflateRawSync(Buffer.alloc(10_000_000)), { bits: 0x40 }));
  expect(await closeCode(wire)).toBe(1002);
  await expectStationServed();
});

describe("a message", () => {
  test("that is longer than a frame may be ends the link in our words, far longer ones unread", async () => {
    const long = await link();
    long.write(frame(2, Buffer.alloc(MAX_FRAME_BYTES + 1)));
    expect(await closeCode(long)).toBe(CLOSE.oversize);
    const endless = await link();
    endless.write(frame(2, Buffer.alloc(100), { announced: 2 ** 40 }));
    expect(await closeCode(endless)).toBe(1009);
    await expectStationServed();
  });

  test("in pieces that never end is cut off at the same bound", async () => {
    const wire = await link();
    wire.write(frame(2, Buffer.alloc(4_000), { final: false }));
    for (let sent = 0; sent < 40 && !wire.ended(); sent++) wire.write(frame(0, Buffer.alloc(4_000), { final: false }));
    expect(await closeCode(wire)).toBe(1009);
    await expectStationServed();
  });

  test("in pieces of nothing is cut off by their number", async () => {
    const wire = await link();
    wire.write(frame(2, Buffer.alloc(0), { final: false }));
    wire.write(Buffer.concat(Array.from({ length: 1_000 }, () => frame(0, Buffer.alloc(0), { final: false }))));
    expect(await closeCode(wire)).toBe(1008);
    await expectStationServed();
  });

  test("that is text, or of a reserved kind, or not masked, ends the link", async () => {
    const text = await link();
    text.write(frame(1, Buffer.from("hello")));
    expect(await closeCode(text)).toBe(CLOSE.badFrame);
    const reserved = await link();
    reserved.write(frame(5, Buffer.from("hello")));
    expect(await closeCode(reserved)).toBe(1002);
    const bare = await link();
    bare.write(Uint8Array.of(0x82, 0x01, 0x00));
    expect(await closeCode(bare)).toBe(1002);
  });
});

test("pings without number that nobody reads the answers of end the link", async () => {
  const wire = await link();
  wire.socket.pause();
  const pings = Buffer.concat(Array.from({ length: 5_000 }, () => frame(9, Buffer.alloc(125))));
  let gone = false;
  wire.socket.once("error", () => (gone = true));
  await until("the server to have enough", () => {
    wire.write(pings);
    return gone || wire.ended() || wire.socket.writableLength > 20_000_000;
  });
  await expectStationServed();
});

test("thousands of links that never greet take nobody's place: the oldest go, and a station gets in", async () => {
  const wires = await dialMany(TOO_MANY, server.url, upgrade());
  await until("the oldest to be gone", () => wires.slice(0, 100).every((wire) => wire.ended()));
  await expectStationServed();
  await station.restart();
  await until("the station to be online again", async () => (await stationHealth(station.url)).link === "online");
});
