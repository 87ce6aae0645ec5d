/** What came of a damaged file, as it is kept in the one that took its place. */
import * as v from "valibot";
import { whole } from "../../shared/schemas.ts";

/** Among what is kept beside the logs. */
export const RESCUED = "rescued";

const Rescued = v.strictObject({
  /** The name of the copy that is kept of the damaged file. */
  aside: v.string(),
  logs: whole(0),
  records: whole(0),
  /** Records that the server had not acknowledged and that are gone, as far as the file itself says; at least so many. */
  lost: whole(0),
});
export type Rescued = v.InferOutput<typeof Rescued>;

export function encodeRescued(rescued: Rescued): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(rescued));
}

/** Undefined when there was nothing to rescue, or what was kept of it cannot be read. */
export function decodeRescued(bytes: Uint8Array | undefined): Rescued | undefined {
  if (bytes === undefined) return undefined;
  try {
    const parsed = v.safeParse(Rescued, JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
