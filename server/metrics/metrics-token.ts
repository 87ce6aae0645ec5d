/** The token by which a Prometheus reads `/metrics` from elsewhere, and may do nothing else. */
import { join } from "node:path";
import { KeptToken, newToken } from "../admin/token.ts";
import { readSecretFile, writeSecretFile } from "../files/secret-file.ts";

const METRICS_TOKEN_FILE = "metrics-token";

/** The kept token, or a new one, as a check of what a request brings. Throws `SecretFileFault`. */
export function openMetricsToken(directory: string): (bearer: string) => boolean {
  const path = join(directory, METRICS_TOKEN_FILE);
  const stored = readSecretFile(path)?.trim();
  const token = stored === undefined || stored === "" ? newToken() : stored;
  if (token !== stored) writeSecretFile(path, token);
  const kept = new KeptToken(token);
  return (bearer) => kept.fits(bearer);
}
