import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { NOTHING_KEPT } from "./kept-mapping.ts";
import { DAMAGED_FILE, MAPPING_FILE, MAX_FILE_BYTES, openMappingStore } from "./mapping-store.ts";

function folder(): string {
  const directory = mkdtempSync(join(tmpdir(), "mapping-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

test("what is written is read again, for the owner only", () => {
  const directory = folder();
  const store = openMappingStore(directory);
  expect(store.read()).toEqual({ kind: "none" });
  const mapping = { ...NOTHING_KEPT, revision: 7 };
  store.write(mapping);
  expect(openMappingStore(directory).read()).toEqual({ kind: "kept", mapping });
  expect(statSync(join(directory, MAPPING_FILE)).mode & 0o777).toBe(0o600);
});

test("a damaged file is put aside under a name, and the station goes on without it", () => {
  const directory = folder();
  for (const damage of ["{", "x".repeat(MAX_FILE_BYTES + 1)]) {
    writeFileSync(join(directory, MAPPING_FILE), damage);
    expect(openMappingStore(directory).read()).toEqual({ kind: "damaged" });
    expect(readFileSync(join(directory, DAMAGED_FILE), "utf8")).toBe(damage);
    expect(existsSync(join(directory, MAPPING_FILE))).toBe(false);
  }
  expect(openMappingStore(directory).read()).toEqual({ kind: "none" });
});

test("what cannot be read is left where it is, and said", () => {
  const directory = folder();
  mkdirSync(join(directory, MAPPING_FILE));
  expect(openMappingStore(directory).read()).toMatchObject({ kind: "unreadable" });
  expect(existsSync(join(directory, MAPPING_FILE))).toBe(true);
});

test("a disk that does not take it keeps what was there", () => {
  const directory = folder();
  const store = openMappingStore(directory);
  store.write({ ...NOTHING_KEPT, revision: 1 });
  mkdirSync(join(directory, `${MAPPING_FILE}.new`));
  expect(() => store.write({ ...NOTHING_KEPT, revision: 2 })).toThrow("EISDIR");
  expect(store.read()).toMatchObject({ kind: "kept", mapping: { revision: 1 } });
});

/** Writes revision after revision, and says each once it is on disk. */
const WRITER = `
  const { openMappingStore } = await import(process.argv[1]);
  const store = openMappingStore(process.argv[2]);
  for (let revision = 1; ; revision++) {
    store.write({ version: 1, revision, readers: [] });
    process.stdout.write(revision + "\\n");
  }
`;

test("killed at any moment, it is whole, and no older than what was said", async () => {
  const directory = folder();
  const store = new URL("./mapping-store.ts", import.meta.url).href;
  for (let round = 1; round <= 5; round++) {
    const writer = spawn(process.execPath, ["--input-type=module", "-e", WRITER, store, directory], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = 0;
    const lines = createInterface(writer.stdout);
    lines.on("line", (line) => {
      said = Number(line);
      if (said === round * 7) writer.kill("SIGKILL");
    });
    await Promise.all([once(writer, "exit"), once(lines, "close")]);
    expect(said).toBeGreaterThanOrEqual(round * 7);
    const read = openMappingStore(directory).read();
    expect(read.kind === "kept" && read.mapping.revision).toBeGreaterThanOrEqual(said);
  }
});
