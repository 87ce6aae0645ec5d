import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openSecrets } from "./identity/secrets.ts";
import { openSqliteLedger } from "./ledger/sqlite/sqlite-ledger.ts";
import { createTestStation, greet } from "./link/test-station.testing.ts";
import { startServer } from "./server.ts";

const root = mkdtempSync(join(tmpdir(), "server-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const start = (directory: string) =>
  startServer({
    directory,
    host: "127.0.0.1",
    port: 0,
    names: [],
    announce: false,
    cert: undefined,
    key: undefined,
    logLevel: "info",
    password: "correct horse battery",
    clock: Date.now,
  });

test("a server whose ledger says that the event key is destroyed has none, also put back from a backup", async () => {
  const directory = mkdtempSync(join(root, "key-"));
  const first = await start(directory);
  await first.stop();
  const path = join(directory, "secrets.json");
  expect(openSecrets(directory).eventKey).toBeDefined();
  // As if the act had been folded, and the server had stopped before the key was destroyed.
  const opened = await openSqliteLedger(directory, { clock: Date.now });
  if (!opened.ok) throw new Error(opened.reason);
  await opened.ledger.append({ kind: "key-destroyed" });
  const station = createTestStation();
  await opened.ledger.append(station.admitted);
  await opened.ledger.close();

  const second = await start(directory);
  expect(readFileSync(path, "utf8")).toContain('"eventKey":null');
  const link = await greet(Number(new URL(second.url).port), station);
  expect(link.welcome.slice(0, 3)).toEqual([4, true, null]);
  link.socket.terminate();
  await second.stop();
});

test("each start is a life of its own: what a station was told in another is told again", async () => {
  const directory = mkdtempSync(join(root, "epoch-"));
  const epochs: string[] = [];
  for (let life = 0; life < 2; life++) {
    const server = await start(directory);
    const link = await greet(Number(new URL(server.url).port), createTestStation());
    epochs.push(Buffer.from(link.welcome[4]).toString("hex"));
    link.socket.terminate();
    await server.stop();
  }
  expect(new Set(epochs).size).toBe(2);
});
