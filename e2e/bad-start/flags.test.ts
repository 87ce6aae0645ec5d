/** Wrong flags and settings: exit code 2, and a line that names which. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openScratch } from "../rig/scratch.ts";
import { SERVER, STATION, expectWrongFlag, startInVain } from "./refusal.ts";

describe("the server names", () => {
  test.each([
    ["an unknown flag", ["--votes", "3"], /--votes/],
    ["a port that is none", ["--port", "http"], /--port http: a whole number from 0 to 65535/],
    ["a port with a minus", ["--port", "-1"], /--port/],
    ["a flag without its value", ["--host"], /--host/],
    ["an empty data directory", ["--data", ""], /--data: a directory is needed/],
    ["a level that is none", ["--log-level", "chatty"], /--log-level chatty: one of debug, info, warn, error/],
    ["a certificate without its key", ["--cert", "cert.pem"], /--cert and --key belong together/],
    ["a certificate that is not there", ["--cert", "/no/cert.pem", "--key", "/no/key.pem"], /\/no\/cert\.pem/],
  ])("%s", async (_, flags, about) => {
    const data = flags.includes("--data") ? [] : ["--data", openScratch("bad-flag")];
    expectWrongFlag(await startInVain(SERVER, [...data, ...flags]), about);
  });

  test("a password that is too short, without repeating it", async () => {
    const args = ["--data", join(openScratch("bad-flag"), "server"), "--port", "0"];
    const refusal = await startInVain(SERVER, args, { POLLING_STATION_ADMIN_PASSWORD: "tulips" });
    expectWrongFlag(refusal, "POLLING_STATION_ADMIN_PASSWORD", /set a longer one/);
    expect(refusal.lines.join("\n")).not.toContain("tulips");
  });
});

describe("the station names", () => {
  test.each([
    ["an unknown flag", ["--kiosk"], /--kiosk/],
    ["a port that is none", ["--port", "7071a"], /--port 7071a: a whole number from 0 to 65535/],
    ["a port with a minus", ["--port", "-1"], /--port/],
    ["a level that is none", ["--log-level", "chatty"], /--log-level chatty: one of debug, info, warn, error/],
    ["an address that is none", ["--server", "ftp://server.local"], /--server: ftp:\/\/server\.local is no server/],
    ["plain http beyond this machine", ["--server", "http://192.0.2.7:7070"], /--server: http:\S+: .* https:\/\//],
    ["an empty data directory", ["--data", ""], /--data: a directory is needed/],
    ["a reader without a protocol", ["--reader", "serial:/dev/ttyUSB0"], /--reader: .*protocol= and one of/],
    ["a kind of reader it does not know", ["--reader", "camera:0"], /--reader: .*unknown kind of reader/],
  ])("%s", async (_, flags, about) => {
    const data = flags.includes("--data") ? [] : ["--data", openScratch("bad-flag")];
    expectWrongFlag(await startInVain(STATION, [...data, ...flags]), about);
  });
});
