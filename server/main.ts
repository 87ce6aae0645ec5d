/** The server's program: flags in, one line out, and a clean stop. What it is made of stands in server.ts. */
import { CertificateFault } from "./tls/certificate.ts";
import { renderUnicodeCompact } from "uqr";
import { PASSWORD_VARIABLE, PasswordUnusable } from "./admin/admin.ts";
import { SecretFileFault } from "./files/secret-file.ts";
import { USAGE, parseServerFlags, type ServerFlags } from "./flags.ts";
import { SecretsUnusable } from "./identity/secrets.ts";
import { ServerUnusable } from "./server-unusable.ts";
import { startServer } from "./server.ts";
import { TextsFault } from "./texts/texts.ts";
import { keepYoungHeapSmall } from "./young-heap.ts";

/** A disk or a peer that hangs must not keep a computer from shutting down. */
const STOP_MS = 4_500;
/** Trouble that has a remedy, told in one line; anything else is a bug and shows its trace. */
const BAD_SETTINGS = [CertificateFault, PasswordUnusable];
const BAD_PLACE = [ServerUnusable, SecretsUnusable, SecretFileFault, TextsFault];

keepYoungHeapSmall();
const parsed = parseServerFlags(process.argv.slice(2));
if (process.argv.includes("--help")) console.log(`usage: ${USAGE}`);
else if (parsed.ok) await run(parsed.flags);
else {
  console.error(`${parsed.why}\nusage: ${USAGE}`);
  process.exitCode = 2;
}

async function run(flags: ServerFlags): Promise<void> {
  const starting = startServer({ ...flags, password: process.env[PASSWORD_VARIABLE], clock: Date.now });
  // From now on, not from the first line on: whoever stops it may be quicker than that.
  stopOnSignal(async () => (await starting).stop());
  try {
    const server = await starting;
    console.log(`server listening on ${server.url}`);
    for (const url of server.alsoAt) console.log(`also at ${url}`);
    if (server.isOutside)
      console.log(`a station's camera finds it by this:\n${renderUnicodeCompact(server.url, { border: 2 })}`);
    if (server.setUpLink !== null) console.log(`set the organiser's password once at ${server.setUpLink}`);
  } catch (error) {
    const badSetting = BAD_SETTINGS.some((kind) => error instanceof kind);
    if (!badSetting && !BAD_PLACE.some((kind) => error instanceof kind)) throw error;
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(badSetting ? 2 : 1);
  }
}

function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(0), STOP_MS).unref();
    void stop().finally(() => process.exit(0));
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
}
