/** Beyond loopback everything is encrypted: HTTP, the link, and what the station is told to call. */
import { readFileSync } from "node:fs";
import { request as requestByTls } from "node:https";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { connect as connectByTls, type SecureVersion, type TLSSocket } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { STATION, expectWrongFlag, startInVain } from "../bad-start/refusal.ts";
import { openScratch } from "../rig/scratch.ts";
import { startServerProgram, type ServerProgram } from "../rig/server-program.ts";
import { stationCode, stationHealth } from "../rig/station-health.ts";
import { startStationProgram } from "../rig/station-program.ts";
import { until } from "../rig/within.ts";
import { cutAll, dial } from "./wire.ts";

let server: ServerProgram;
let near: string;
beforeAll(async () => {
  server = await startServerProgram({ args: ["--host", "0.0.0.0", "--name", "votes.example"] });
  near = `https://127.0.0.1:${new URL(server.url).port}`;
});
afterEach(cutAll);
afterAll(() => server.stop());

interface Reply {
  status: number | undefined;
  headers: Record<string, unknown>;
  body: string;
}

/** A request that trusts the server's own certificate and no other. */
function ask(path: string, { method = "GET", body = "", headers = {} } = {}): Promise<Reply> {
  const ca = readFileSync(join(server.data, "tls-certificate.pem"));
  return new Promise((resolve, reject) => {
    const asked = requestByTls(new URL(path, near), { ca, method, headers, agent: false }, (reply) => {
      let text = "";
      reply.on("data", (data: Buffer) => (text += data.toString()));
      reply.on("end", () => resolve({ status: reply.statusCode, headers: reply.headers, body: text }));
    });
    asked.on("error", reject).end(body);
  });
}

describe("a server that others can reach", () => {
  test("tells an address by which they can", async () => {
    const { protocol, hostname } = new URL(server.url);
    const addresses = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
    const far = addresses
      .filter(({ internal, family }) => !internal && family === "IPv4")
      .map(({ address }) => address);
    expect(protocol).toBe("https:");
    expect(far.length === 0 ? ["127.0.0.1"] : far).toContain(hostname);
    await until("the set-up link", () => server.program.stdout().includes(`once at ${server.url}/setup#`));
  });

  test("answers over TLS, and tells browsers to stay there", async () => {
    const reply = await ask("/healthz");
    expect([reply.status, reply.headers["strict-transport-security"]]).toEqual([200, "max-age=31536000"]);
  });

  test("gives nothing to plain HTTP or a plain WebSocket on the same port, and goes on", async () => {
    for (const path of ["/healthz", "/link"]) {
      const upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\n";
      const wire = await dial(near, `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${upgrade}\r\n`);
      expect(await wire.end()).not.toContain("200 OK");
    }
    expect((await ask("/healthz")).status).toBe(200);
  });

  test.each<[SecureVersion, boolean]>([
    ["TLSv1", false],
    ["TLSv1.1", false],
    ["TLSv1.2", true],
    ["TLSv1.3", true],
  ])("%s: is spoken %s", async (version, isSpoken) => {
    const { port } = new URL(near);
    const spoken = await new Promise<string | null>((resolve) => {
      const socket: TLSSocket = connectByTls(
        // Today's OpenSSL does not even offer the old ones at its usual level.
        {
          port: Number(port),
          minVersion: version,
          maxVersion: version,
          rejectUnauthorized: false,
          ciphers: "ALL:@SECLEVEL=0",
        },
        () => {
          resolve(socket.getProtocol());
          socket.destroy();
        },
      );
      socket.on("error", () => resolve(null));
    });
    expect(spoken).toBe(isSpoken ? version : null);
  });

  test("is not held up by those who begin a handshake and stop, and lets go of them", async () => {
    const halfHello = Uint8Array.of(0x16, 0x03, 0x01, 0x02, 0x00, 0x01);
    const wires = await Promise.all(Array.from({ length: 50 }, () => dial(near, halfHello)));
    expect((await ask("/healthz")).status).toBe(200);
    await until("the first to be let go", () => wires.every((wire) => wire.ended()), 30_000);
  });
});

test("a station takes part over wss, and pins the server it enrolled at", async () => {
  const station = await startStationProgram({ server: near });
  const authorization = `Bearer ${readFileSync(join(server.data, "owner-token"), "utf8").trim()}`;
  const body = JSON.stringify({ code: await stationCode(station.url), name: "Foyer" });
  const headers = { authorization, "content-type": "application/json" };
  expect((await ask("/api/v1/enrolments", { method: "POST", body, headers })).status).toBe(201);
  await until("the station to be online", async () => (await stationHealth(station.url)).link === "online");
  await station.stop();
});

test("a station does not start for a name that only looks like this computer's", async () => {
  const address = "http://127.0.0.1.votes.example";
  const refusal = await startInVain(STATION, ["--data", openScratch("tls"), "--server", address]);
  expectWrongFlag(refusal, "--server", "https://");
});
