/** For tests only: the server's side of the link on a real port. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toHex } from "../../shared/bytes.ts";
import type { Change } from "../../shared/domain/entry.ts";
import type { MappedReader } from "../../shared/domain/mapping.ts";
import { encodeReaderList } from "../../shared/domain/mapping-bytes.ts";
import { testPoll, type TestPoll } from "../../shared/domain/testing.ts";
import { FRAME, type FrameOf } from "../../shared/link/frames.ts";
import { pollWordToSign } from "../../shared/link/poll-word.ts";
import { newKeyPem, signatureFits, signingKey, verifyingKey, type SigningKey } from "../identity/ed25519.ts";
import { createSignatureCheck } from "../identity/signature-check.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { sha256 } from "../ledger/sha256.ts";
import { openSqliteLedger } from "../ledger/sqlite/sqlite-ledger.ts";
import { createFeed, type Feed } from "../push/feed.ts";
import { createReaderDesk, type ReaderDesk } from "../readers/reader-desk.ts";
import { createKnown, type Known } from "./known.ts";
import { createLinkServer, type LinkServer } from "./link-server.ts";
import { createRestorer, type Restorer } from "./restorer.ts";
import {
  EVENT,
  EVENT_ID,
  NO_BYTES,
  T0,
  createTestStation,
  greet,
  hangUp,
  type TestStation,
} from "./test-station.testing.ts";
import { unwatched } from "./unwatched.testing.ts";

export const EVENT_KEY = new Uint8Array(32).fill(0xee);

export interface LinkBed {
  port: number;
  ledger: Ledger;
  links: LinkServer;
  feed: Feed;
  known: Known;
  restorer: Restorer;
  signing: SigningKey;
  epoch: Uint8Array;
  /** An open poll that the server knows, unless the bed was opened without. */
  poll: TestPoll;
  desk: ReaderDesk;
  /** An organiser wants this of a station's readers; position of the act. */
  wish(station: string, base: number, readers: readonly MappedReader[]): Promise<number>;
  /** The server's clock that never jumps goes on. */
  goOn(byMs: number): void;
  /** From now on the ledger does this with what is appended. */
  plant(append: Ledger["append"] | null): void;
  /** Does the disk take words? */
  breakTexts(broken: boolean): void;
  /** Cut all connections of this file's stations. */
  hangUp(): void;
  stop(): Promise<void>;
}

export interface LinkBedOptions {
  /** A server put back to a backup has the key it had. */
  signing?: SigningKey;
  /** What its ledger has, after the event; the open poll when nothing is said. */
  changes?: readonly Change[];
  /** One of three options, seen live, when nothing is said. */
  poll?: TestPoll;
  /** Of the link; all there are, when nothing is said. */
  versions?: readonly number[];
}

let epochs = 0;

export async function openLinkBed(options: LinkBedOptions = {}): Promise<LinkBed> {
  const { signing = signingKey(newKeyPem()), poll = testPoll(sha256, 1) } = options;
  const { changes = [poll.defined, poll.opened] } = options;
  const { ledger: real, remove } = await openTestLedger();
  let planted: Ledger["append"] | null = null;
  const ledger: Ledger = { ...real, append: (change, how) => (planted ?? real.append)(change, how) };
  await real.append({ kind: "event-created", event: EVENT_ID });
  for (const change of changes) await real.append(change);
  const known = createKnown(await real.standing());
  let nowMs = 0;
  let textsWork = true;
  const ownKey = verifyingKey(signing.publicKey);
  if (ownKey === undefined) throw new Error("no key");
  const feed = createFeed({
    polls: known.polls,
    definition: (hash) => (hash === poll.hash ? poll.definition : undefined),
    signWord: (definition, course) => signing.sign(pollWordToSign(EVENT, definition, course)),
    setTimer(run, delayMs) {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
  });
  const restorer = createRestorer({
    ledger,
    known,
    event: EVENT,
    ownKey,
    sha256,
    check: createSignatureCheck(),
    putDefinition() {
      if (!textsWork) throw new Error("disk full");
    },
  });
  const desk = createReaderDesk(() => T0);
  const lists = new Map<string, readonly MappedReader[]>();
  const http = createServer();
  const epoch = new Uint8Array(8).fill(++epochs);
  const links = createLinkServer(http, {
    ledger,
    known,
    feed,
    restorer,
    event: EVENT,
    epoch,
    eventKey: () => (known.keyDestroyed() ? undefined : EVENT_KEY),
    signing,
    certificate: NO_BYTES,
    nonce: () => new Uint8Array(randomBytes(32)),
    sha256,
    fits: signatureFits,
    check: createSignatureCheck(),
    verifyingKey,
    title: () => "Fair",
    wallMs: () => T0,
    monotonicMs: () => nowMs,
    desk,
    readerList: (_, hash) => lists.get(hash),
    ...(options.versions === undefined ? {} : { versions: options.versions }),
    watch: unwatched(),
    mayUpgrade: ({ origin }) => origin === undefined,
  });
  real.onCommit((committed) => {
    known.onCommit(committed);
    feed.onCommit(committed);
    links.onCommit(committed);
    desk.onCommit(committed);
  });
  const port = await listening(http);
  return {
    port,
    ledger,
    links,
    feed,
    known,
    restorer,
    signing,
    epoch,
    poll,
    desk,
    async wish(station, base, readers) {
      const hash = toHex(sha256(encodeReaderList(readers)));
      lists.set(hash, readers);
      const appended = await real.append({ kind: "mapping-wished", station, base, hash });
      if (!appended.ok) throw new Error(appended.why);
      return appended.cursor;
    },
    goOn: (byMs) => void (nowMs += byMs),
    plant: (append) => void (planted = append),
    breakTexts: (broken) => void (textsWork = !broken),
    hangUp,
    async stop() {
      feed.close();
      await links.close();
      await new Promise((resolve) => http.close(resolve));
      await real.close();
      remove();
    },
  };
}

/** A ledger in a directory of its own; its clock stands at T0. */
export async function openTestLedger(): Promise<{ ledger: Ledger; remove: () => void }> {
  const directory = mkdtempSync(join(tmpdir(), "link-"));
  const opened = await openSqliteLedger(directory, { clock: () => T0 });
  if (!opened.ok) throw new Error(opened.reason);
  return { ledger: opened.ledger, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

async function listening(http: Server): Promise<number> {
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const address = http.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** A station the organiser let in. */
export async function admit({ ledger }: LinkBed): Promise<TestStation> {
  const station = createTestStation();
  await ledger.append(station.admitted);
  return station;
}

/** Is another station served as if nothing had been? */
export async function servesOthers(bed: LinkBed): Promise<boolean> {
  const other = await greet(bed.port, await admit(bed));
  other.send([FRAME.ping, 7]);
  const [, number, serverMs] = await other.next("pong");
  other.socket.terminate();
  return number === 7 && serverMs === T0;
}

/** Does the server's own key fit the word of a `poll` frame? */
export function isServersWord({ signing }: LinkBed, [, , course, definition, signature]: FrameOf<"poll">): boolean {
  return signatureFits(signing.publicKey, pollWordToSign(EVENT, definition, course), signature);
}
