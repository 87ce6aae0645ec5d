/**
 * The server: composition root. Stations' links come in, the ledger takes and folds, the feed and the API tell.
 */
import { randomBytes, type KeyObject } from "node:crypto";
import { hostname, networkInterfaces } from "node:os";
import { bytesOfHex, toHex } from "../shared/bytes.ts";
import { EPOCH_BYTES, NONCE_BYTES } from "../shared/link/frames.ts";
import { pollWordToSign } from "../shared/link/poll-word.ts";
import { announceServer } from "./announce/announce.ts";
import { openAdmin } from "./admin/admin.ts";
import { createApi } from "./api/api.ts";
import { hostAllowed, isLoopback } from "./api/hosts.ts";
import { createServerClock } from "./clock.ts";
import { createCertifier } from "./certify/certifier.ts";
import { makeFolder } from "./files/make-folder.ts";
import type { ServerFlags } from "./flags.ts";
import { watchServer } from "./health/watch-server.ts";
import { signatureFits, verifyingKey, type SigningKey } from "./identity/ed25519.ts";
import { keepVerifyingKeys } from "./identity/verifying-keys.ts";
import { createKeyEnd } from "./identity/key-end.ts";
import { openSecrets } from "./identity/secrets.ts";
import { noteCommits } from "./journal/note-commits.ts";
import { openJournal } from "./journal/open-journal.ts";
import { createTellings } from "./journal/tellings.ts";
import { watchAdmin } from "./journal/watch-admin.ts";
import { createSignatureCheck } from "./identity/signature-check.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { sha256 } from "./ledger/sha256.ts";
import { openSqliteLedger } from "./ledger/sqlite/sqlite-ledger.ts";
import { watchLedger } from "./ledger/watched-ledger.ts";
import { createKnown } from "./link/known.ts";
import { createLinkServer } from "./link/link-server.ts";
import type { LinkPresence } from "./link/presence.ts";
import { createRestorer } from "./link/restorer.ts";
import { listen } from "./listen.ts";
import { openMetricsToken } from "./metrics/metrics-token.ts";
import { createServerCounts } from "./metrics/server-counts.ts";
import { createFeed } from "./push/feed.ts";
import { createReaderDesk } from "./readers/reader-desk.ts";
import { reachedAt } from "./reach-address.ts";
import { ServerUnusable } from "./server-unusable.ts";
import { openTexts } from "./texts/sqlite-texts.ts";
import { watchTexts } from "./texts/watched-texts.ts";
import { openCertificate } from "./tls/certificate.ts";

export interface ServerOptions extends ServerFlags {
  /** The organiser's password, from the environment; undefined or "" for the one kept, or a set-up link. */
  password: string | undefined;
  /** Wall clock, milliseconds since 1970. */
  clock: () => number;
}

export interface RunningServer {
  /** Where others reach it, for people. */
  url: string;
  /** And where else, when it listens on all addresses of this computer. */
  alsoAt: readonly string[];
  /** Do others reach it? Not when it listens on this computer's own addresses only. */
  isOutside: boolean;
  /** Where the organiser sets a password for the first time; null when there is one. */
  setUpLink: string | null;
  stop: () => Promise<void>;
}

/** Start everything; resolves when stations and people can connect. Throws `ServerUnusable` and the rooms' own faults. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { directory, host } = options;
  const startedMs = monotonicMs();
  const time = createServerClock(options.clock, monotonicMs);
  const clock = time.now;
  openDirectory(directory);
  const secrets = openSecrets(directory);
  const openedTexts = openTexts(directory);
  // Only now: another server on this directory has been found by its lock, and its files must stay as they are.
  const certificate = isLoopback(host) && options.cert === undefined ? undefined : await certificateFor(options);
  const openedAdmin = await openAdmin(directory, { clock, password: options.password });
  const counts = createServerCounts();
  const opened = await openSqliteLedger(directory, {
    clock,
    onThread: (news) => told.onThread(news),
  });
  if (!opened.ok) throw new ServerUnusable(opened.why, opened.reason);
  // Not before: a directory that is another server's is left as it is.
  const journal = openJournal(directory, { level: options.logLevel, tell: (words) => console.error(words) });
  const told = createTellings(journal, monotonicMs);
  const { ledger, health } = watchLedger(opened.ledger, {
    monotonicMs,
    setTimer,
    onAppended: counts.onAppended,
    onHealth: told.onLedger,
  });
  const { texts, fault } = watchTexts(openedTexts, told.onTexts);
  const admin = watchAdmin(openedAdmin, journal, counts);
  time.notBefore(await lastTimeIn(ledger));
  const event = bytesOfHex(await eventOf(ledger));
  const known = createKnown(await ledger.standing());
  const keyEnd = createKeyEnd({ secrets, setTimer, onKept: told.onKeyKept });
  if (known.keyDestroyed()) keyEnd.destroy();

  const feed = createFeed({
    polls: known.polls,
    definition: texts.definition,
    signWord: (definition, course) => secrets.signing.sign(pollWordToSign(event, definition, course)),
    setTimer,
  });
  const check = createSignatureCheck();
  const restorer = createRestorer({
    ledger,
    known,
    event,
    ownKey: ownKeyOf(secrets.signing),
    sha256,
    check,
    putDefinition: texts.putDefinition,
  });
  // Nobody asks before `listen`, and the links need the API's socket.
  const presence: LinkPresence = {
    connected: () => linkServer.connected(),
    waiting: () => linkServer.waiting(),
    metAtMs: (station) => linkServer.metAtMs(station),
  };
  const watch = watchServer({
    directory,
    journal,
    counts,
    ledger,
    ledgerHealth: health,
    textsFault: fault,
    presence,
    keyIsKept: keyEnd.isTrying,
    certificate: certificate?.cert,
    clock,
    wallMs: options.clock,
    setTimer,
  });
  const desk = createReaderDesk(clock);
  const api = createApi({
    ledger,
    texts,
    presence,
    desk,
    admin,
    clock,
    newId: () => toHex(randomBytes(16)),
    watch: {
      ...watch,
      isMetricsToken: openMetricsToken(directory),
      failed: told.onApiFailed,
      replied(route, status) {
        counts.onReply(route, status);
        told.onReply(route, status);
      },
      receivers: (change) => void (counts.receivers += change),
    },
    eventKey: () => secrets.eventKey,
    // Known once it listens, and nobody asks before.
    address: () => url,
    boundTo: host,
    hostNames: options.names,
    ...(certificate === undefined ? {} : { tls: { cert: certificate.cert, key: certificate.key } }),
  });
  const keyOf = keepVerifyingKeys();
  const linkServer = createLinkServer(api.server, {
    ledger,
    known,
    feed,
    restorer,
    event,
    epoch: new Uint8Array(randomBytes(EPOCH_BYTES)),
    eventKey: () => secrets.eventKey,
    signing: secrets.signing,
    certificate: certificate?.fingerprint ?? new Uint8Array(),
    nonce: () => new Uint8Array(randomBytes(NONCE_BYTES)),
    sha256,
    fits: (publicKey, bytes, signature) => signatureFits(publicKey, bytes, signature, keyOf),
    check,
    verifyingKey: keyOf,
    title: texts.title,
    wallMs: clock,
    monotonicMs,
    desk,
    readerList: texts.readerList,
    watch: { ...told, counts: counts.link },
    mayUpgrade: (headers) => headers.origin === undefined && hostAllowed(headers.host, host, options.names),
  });
  const noteCommit = noteCommits(journal, await ledger.standing());
  ledger.onCommit((committed) => {
    counts.commits++;
    known.onCommit(committed);
    if (committed.keyDestroyed !== null) keyEnd.destroy();
    feed.onCommit(committed);
    linkServer.onCommit(committed);
    desk.onCommit(committed);
    noteCommit(committed);
  });
  texts.onTitle(linkServer.onTitle);
  const certifier = createCertifier({
    ledger,
    clock,
    setTimer,
    metAtMs: presence.metAtMs,
    onRefused: told.onCertifyRefused,
    onFailed: told.onCertifyFailed,
  });

  const address = await listen(api, host, options.port);
  // Fastify does not know what the API's own socket speaks.
  const own = certificate === undefined ? address : address.replace(/^http:/, "https:");
  const [url = own, ...alsoAt] = reachedAt(own, host, networkInterfaces());
  const announced = { urls: [url, ...alsoAt], host: hostname(), monotonicMs };
  const stopAnnouncing = isLoopback(host) && !options.announce ? () => {} : announceServer(announced);
  process.on("uncaughtExceptionMonitor", journal.lastWords);
  const { cursor, polls, stations } = await ledger.standing();
  journal.note("server.started", {
    cursor,
    polls: polls.size,
    stations: stations.size,
    tls: certificate !== undefined,
    tookMs: Math.round(monotonicMs() - startedMs),
  });
  return {
    url,
    alsoAt,
    isOutside: !isLoopback(host),
    setUpLink: admin.setUpToken === null ? null : `${url}/setup#${admin.setUpToken}`,
    async stop() {
      journal.note("server.stopping");
      watch.stop();
      stopAnnouncing();
      keyEnd.close();
      await certifier.close();
      feed.close();
      await linkServer.close();
      await api.close();
      await ledger.close();
      texts.close();
      journal.note("server.stopped", { uptimeS: Math.round((monotonicMs() - startedMs) / 1000) });
      await journal.close();
      process.off("uncaughtExceptionMonitor", journal.lastWords);
    },
  };
}

/** Never jumps; any origin. */
const monotonicMs = () => performance.now();

/** Server time of the last entry; 0 when there is none. */
async function lastTimeIn(ledger: Ledger): Promise<number> {
  const { cursor } = await ledger.standing();
  const [last] = cursor === 0 ? [] : await ledger.entries(cursor, 1);
  return last?.atMs ?? 0;
}

/** There for all files of the server, or `ServerUnusable` thrown. */
function openDirectory(directory: string): void {
  try {
    makeFolder(directory);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    const remedy = "Make it readable and writable for this user, or name another with --data.";
    const message = `The server's data directory ${directory} cannot be used (${cause}). ${remedy}`;
    throw new ServerUnusable("data-directory", message, { cause: error });
  }
}

function setTimer(run: () => void, delayMs: number): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}

/** What the server's own signatures are checked with. */
function ownKeyOf({ publicKey }: SigningKey): KeyObject {
  const key = verifyingKey(publicKey);
  if (key === undefined) throw new Error("the server's own public key is no key");
  return key;
}

function certificateFor({ directory, host, names, cert, key, clock }: ServerOptions) {
  return openCertificate({ directory, certPath: cert, keyPath: key, hosts: [host, ...names], clock });
}

/** The event of this ledger; the first start makes it. */
async function eventOf(ledger: Ledger): Promise<string> {
  const known = (await ledger.standing()).event;
  if (known !== undefined) return known;
  const appended = await ledger.append({ kind: "event-created", event: toHex(randomBytes(16)) }, { expected: 0 });
  if (!appended.ok && appended.why === "not-stored") throw new ServerUnusable("not-stored", appended.reason);
  const { event } = await ledger.standing(appended.cursor);
  if (event === undefined)
    throw new ServerUnusable("no-event", "The ledger has no event. Name another --data directory.");
  return event;
}
