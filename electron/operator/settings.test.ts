import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { FIRST_SETTINGS, SETTINGS_FILE, openSettings } from "./settings.ts";

const root = mkdtempSync(join(tmpdir(), "settings-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const folder = () => mkdtempSync(join(root, "one-"));

test("what was chosen is there at the next start, for its owner only", () => {
  const directory = folder();
  const settings = openSettings(directory);
  expect([settings.now(), settings.damaged()]).toEqual([FIRST_SETTINGS, null]);
  expect(settings.keep({ server: "https://votes.example:7070", testing: true })).toEqual({ ok: true });
  settings.count({ wrong: 3, waited: true });
  const again = openSettings(directory);
  expect(again.now()).toEqual({
    pin: null,
    tries: { wrong: 3, waited: true },
    server: "https://votes.example:7070",
    testing: true,
  });
  expect(statSync(join(directory, SETTINGS_FILE)).mode & 0o777).toBe(0o600);
});

test.each([
  ["half of it", '{"pin":null,"tries":{"wro'],
  ["nothing", ""],
  ["another form", '{"pin":null,"tries":{"wrong":0,"waited":true},"server":null,"testing":false,"more":1}'],
  [
    "a server that is none",
    '{"pin":null,"tries":{"wrong":0,"waited":true},"server":"http://evil.example","testing":false}',
  ],
  ["a PIN in the open", '{"pin":"4711","tries":{"wrong":0,"waited":true},"server":null,"testing":false}'],
])("a file that holds %s is put aside whole, and the station starts without it", (_what, text) => {
  const directory = folder();
  writeFileSync(join(directory, SETTINGS_FILE), text);
  const settings = openSettings(directory);
  const aside = join(directory, `${SETTINGS_FILE}.damaged`);
  expect([settings.now(), settings.damaged()]).toEqual([FIRST_SETTINGS, aside]);
  expect(readFileSync(aside, "utf8")).toBe(text);
  expect(existsSync(join(directory, SETTINGS_FILE))).toBe(false);
  expect(settings.keep({ testing: true }).ok).toBe(true);
  expect(openSettings(directory).damaged()).toBeNull();
});

test("a disk that takes nothing changes nothing, but tries are counted all the same", () => {
  const directory = folder();
  const settings = openSettings(directory);
  // A folder where the new file is to be written: no user, not even root, can write that.
  mkdirSync(join(directory, `${SETTINGS_FILE}.new`, "x"), { recursive: true });
  expect(settings.keep({ testing: true })).toMatchObject({ ok: false });
  expect(settings.now().testing).toBe(false);
  expect(settings.count({ wrong: 1, waited: true })).toMatchObject({ ok: false });
  expect(settings.now().tries.wrong).toBe(1);
});
