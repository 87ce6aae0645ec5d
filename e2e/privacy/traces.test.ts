/** What people may be known by is where it belongs, and nowhere else: proved by every byte on both disks. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bytesOfHex } from "../../shared/bytes.ts";
import { newBadge } from "../venue/kiosk.ts";
import { openVenue } from "../venue/venue.ts";
import { readEventKey, tagKeyOf } from "../rig/event-key.ts";
import { filesHolding, formsOfBytes, formsOfText, holds, readDatabase, readJournal, saidBy } from "./traces.ts";

const WORDS = {
  title: "Jubilee of the lamplighters",
  station: "Kiosk beneath the clock tower",
  question: "Which lantern shall be lit first?",
  options: ["The crooked one", "The one with the moth", "None, it is noon"],
  reason: "Quentin dropped the other kiosk into the fountain.",
};

/** The whole number, and what of it is compared, as text only: four bytes come up anywhere by chance. */
function formsOfBadge(badge: string): Buffer[] {
  const compared = badge.slice(-8);
  const cardNumber = `${Number.parseInt(compared, 16)}`.padStart(10, "0");
  return [bytesOfHex(badge)].flatMap(formsOfBytes).concat([compared, cardNumber].flatMap(formsOfText));
}

test("no UID is on any disk or in any output; the ledger holds no word about people and no key", async () => {
  const { organiser, server, ...venue } = await openVenue();
  await organiser.request("PUT", "/event", { title: WORDS.title });
  const kiosk = await venue.addKiosk(WORDS.station);
  const missing = await venue.addKiosk("Missing");
  const [listed, fob, unknown, malformed] = [newBadge(), newBadge(), newBadge(), newBadge()];
  await organiser.adoptRoll([{ voter: 4711, tags: [listed, fob.toUpperCase()] }]);
  const { question, options } = WORDS;
  const poll = await venue.openPoll([kiosk, missing], { question, options, certify: "by-hand" });
  expect(await kiosk.tap(1, listed)).toBe("stored");
  expect(await kiosk.tap(2, fob)).toBe("stored");
  await kiosk.tap(3, unknown);
  await organiser.tallyToBe(poll.id, [1, 0, 0]);

  // What fails with a UID in it is told without it.
  const listing = (tags: readonly string[]) => ({ voters: [{ voter: 1, tags }] });
  const misplaced: [string, string, unknown][] = [
    ["POST", "/roll/chunks", listing([malformed, malformed])],
    ["POST", "/roll/chunks", listing([`${malformed}${malformed}${malformed}`])],
    ["POST", "/roll/chunks", { voters: [{ voter: malformed, tags: [malformed] }] }],
    ["POST", "/roll/chunks", { voters: [{ [malformed]: malformed }] }],
    ["PUT", "/roll", { chunks: [malformed] }],
  ];
  for (const [method, path, body] of misplaced) {
    const reply = await organiser.request(method, path, body);
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(reply.status).toBeLessThan(500);
    expect(holds(Buffer.from(await reply.text()), formsOfBytes(bytesOfHex(malformed)))).toBe(false);
  }

  const password = "a password that nobody ever set";
  for (const path of ["/sessions", `/sessions?password=${encodeURIComponent(password)}`])
    await organiser.request("POST", path, { password });
  await organiser.request("GET", `/polls/${listed}/tally`);
  await organiser.request("POST", "/enrolments", { code: "BCDF-2345", name: WORDS.station });

  await kiosk.cut();
  expect(await kiosk.tap(3, listed)).toBe("safe-here");
  kiosk.cable.plug();
  await kiosk.screenToBe("all to be delivered", ({ link }) => link.state === "online" && link.safeHere === 0);
  await missing.kill9();
  await organiser.close(poll.id);
  await kiosk.screenToBe("the close", (screen) => screen.poll?.state === "closed");
  await organiser.certify(poll.id, WORDS.reason);

  const uids = [listed, fob, unknown, malformed].flatMap(formsOfBadge);
  const words = [WORDS.title, WORDS.station, question, ...options, WORDS.reason].flatMap(formsOfText);
  const key = formsOfBytes(readEventKey(server.data));
  const tagKeys = [listed, fob].flatMap((badge) =>
    formsOfBytes(bytesOfHex(tagKeyOf(readEventKey(server.data), bytesOfHex(badge)))),
  );
  const opens = ["owner-token", "metrics-token"].map((file) => readFileSync(join(server.data, file), "utf8").trim());
  const setUp = /\/setup#(\S+)/.exec(server.program.stdout())?.[1] ?? "no set-up link";
  const secrets = [...opens, setUp, password, "BCDF-2345", "127.0.0.1"].flatMap(formsOfText);
  const journals = () => [server, kiosk.station, missing.station].map(({ data }) => readJournal(data));
  const ledger = () => readDatabase(join(server.data, "ledger.sqlite"));
  const look = () => {
    for (const { data } of [server, kiosk.station, missing.station]) expect(filesHolding(data, uids)).toEqual([]);
    for (const { program } of [server, kiosk.station, missing.station])
      expect(holds(saidBy(program), uids)).toBe(false);
    for (const { program } of [server, kiosk.station]) expect(holds(saidBy(program), key)).toBe(false);
    expect(words.filter((word) => ledger().includes(word)).map(String)).toEqual([]);
    for (const journal of journals()) {
      expect(journal.toString()).toContain('"event":"');
      const hidden = [...uids, ...words, ...key, ...tagKeys, ...secrets, ...formsOfText("Missing")];
      expect(hidden.filter((form) => journal.includes(form)).map(String)).toEqual([]);
    }
    expect(holds(ledger(), key)).toBe(false);
    expect(holds(readDatabase(join(kiosk.station.data, "log.sqlite")), key)).toBe(false);
  };
  // As they lie there while the programs run, and as they are left.
  look();
  await kiosk.stop();
  await server.stop();
  look();
  // Else the search finds nothing wherever it looks.
  expect(filesHolding(server.data, key)).toEqual([join(server.data, "secrets.json")]);
  expect(filesHolding(server.data, formsOfText(WORDS.reason)).map((path) => path.replace(/-wal$/, ""))).toContain(
    join(server.data, "texts.sqlite"),
  );
}, 60_000);
