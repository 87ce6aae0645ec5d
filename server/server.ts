/**
 * The server: composition root. Stations' links come in, the ledger takes and folds, the feed and the API tell.
 */
import { createHash, randomBytes, type KeyObject } from "node:crypto";
import { bytesOfHex, toHex } from "../shared/bytes.ts";
import { EPOCH_BYTES, NONCE_BYTES } from "../shared/link/frames.ts";
import { pollWordToSign } from "../shared/link/poll-word.ts";
import { openAdmin } from "./admin/admin.ts";
import { createApi } from "./api/api.ts";
import { hostAllowed, isLoopback } from "./api/hosts.ts";
import { createServerClock } from "./clock.ts";
import { createCertifier } from "./certify/certifier.ts";
import { makeFolder } from "./files/make-folder.ts";
import type { ServerFlags } from "./flags.ts";
import { checkSignature, signatureFits, verifyingKey, type SigningKey } from "./identity/ed25519.ts";
import { createKeyEnd } from "./identity/key-end.ts";
import { openSecrets } from "./identity/secrets.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { openSqliteLedger } from "./ledger/sqlite/sqlite-ledger.ts";
import { watchLedger } from "./ledger/watched-ledger.ts";
import { createKnown } from "./link/known.ts";
import { createLinkServer } from "./link/link-server.ts";
import type { LinkPresence } from "./link/presence.ts";
import { createRestorer } from "./link/restorer.ts";
import { createFeed } from "./push/feed.ts";
import { openTexts } from "./texts/sqlite-texts.ts";
import { openCertificate } from "./tls/certificate.ts";

export interface ServerOptions extends ServerFlags {
  /** The organiser's password, from the environment; undefined or "" for the one kept, or a set-up link. */
  password: string | undefined;
  /** Wall clock, milliseconds since 1970. */
  clock: () => number;
}

export interface RunningServer {
  url: string;
  /** Where the organiser sets a password for the first time; null when there is one. */
  setUpLink: string | null;
  stop: () => Promise<void>;
}

/** Why the server cannot start, in one line with the remedy. */
export class ServerUnusable extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());

/** Start everything; resolves when stations and people can connect. Throws `ServerUnusable` and the rooms' own faults. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { directory, host } = options;
  const time = createServerClock(options.clock, () => performance.now());
  const clock = time.now;
  openDirectory(directory);
  const secrets = openSecrets(directory);
  const certificate = isLoopback(host) && options.cert === undefined ? undefined : await certificateFor(options);
  const texts = openTexts(directory);
  // Only now: another server on this directory has been found by its lock, and its owner's token must stay good.
  const admin = await openAdmin(directory, { clock, password: options.password });
  const opened = await openSqliteLedger(directory, { clock });
  if (!opened.ok) throw new ServerUnusable(opened.why, opened.reason);
  const { ledger, health } = watchLedger(opened.ledger);
  time.notBefore(await lastTimeIn(ledger));
  const event = bytesOfHex(await eventOf(ledger));
  const known = createKnown(await ledger.standing());
  const keyEnd = createKeyEnd({ secrets, setTimer, complain: (line) => console.error(line) });
  if (known.keyDestroyed()) keyEnd.destroy();

  const feed = createFeed({
    polls: known.polls,
    definition: texts.definition,
    signWord: (definition, course) => secrets.signing.sign(pollWordToSign(event, definition, course)),
    setTimer,
  });
  const restorer = createRestorer({
    ledger,
    known,
    event,
    ownKey: ownKeyOf(secrets.signing),
    sha256,
    check: checkSignature,
    putDefinition: texts.putDefinition,
  });
  // Nobody asks before `listen`, and the links need the API's socket.
  const presence: LinkPresence = {
    connected: () => linkServer.connected(),
    waiting: () => linkServer.waiting(),
    metAtMs: (station) => linkServer.metAtMs(station),
  };
  const api = createApi({
    ledger,
    texts,
    presence,
    admin,
    clock,
    newId: () => toHex(randomBytes(16)),
    health,
    eventKey: () => secrets.eventKey,
    report: (line) => console.error(line),
    boundTo: host,
    hostNames: options.names,
    ...(certificate === undefined ? {} : { tls: { cert: certificate.cert, key: certificate.key } }),
  });
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
    fits: signatureFits,
    check: checkSignature,
    verifyingKey,
    title: texts.title,
    wallMs: clock,
    monotonicMs: () => performance.now(),
    mayUpgrade: (headers) => headers.origin === undefined && hostAllowed(headers.host, host, options.names),
  });
  ledger.onCommit((committed) => {
    known.onCommit(committed);
    if (committed.keyDestroyed !== null) keyEnd.destroy();
    feed.onCommit(committed);
    linkServer.onCommit(committed);
  });
  texts.onTitle(linkServer.onTitle);
  const certifier = createCertifier({
    ledger,
    clock,
    setTimer,
    metAtMs: presence.metAtMs,
    report: (line) => console.error(line),
  });

  const address = await listen(api, host, options.port);
  // Fastify does not know what the API's own socket speaks.
  const url = certificate === undefined ? address : address.replace(/^http:/, "https:");
  return {
    url,
    setUpLink: admin.setUpToken === null ? null : `${url}/setup#${admin.setUpToken}`,
    async stop() {
      keyEnd.close();
      await certifier.close();
      feed.close();
      await linkServer.close();
      await api.close();
      await ledger.close();
      texts.close();
    },
  };
}

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

async function listen(api: ReturnType<typeof createApi>, host: string, port: number): Promise<string> {
  try {
    const address = await api.listen({ host, port });
    return address;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EADDRINUSE") {
      const remedy = "Stop the program that uses it, or name another with --port (0 picks a free one).";
      throw new ServerUnusable("port-in-use", `Port ${port} is in use. ${remedy}`, { cause: error });
    }
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EACCES") {
      const remedy = "Give --host an address of this machine and --port a free one above 1023.";
      throw new ServerUnusable("cannot-listen", `Cannot listen on ${host} port ${port} (${code}). ${remedy}`, {
        cause: error,
      });
    }
    throw error;
  }
}
