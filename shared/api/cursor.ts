/** A cursor in the API: a place in the ledger, by which a client reads what it wrote, and changes only what it saw. */
import * as v from "valibot";
import { whole } from "../schemas.ts";

export const Cursor = v.pipe(whole(0), v.description("Position of an entry in the server's ledger"));

/** Query of reads: wait (a moment) until the server has come at least this far. */
export const ReadQuery = v.strictObject({
  minCursor: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,15}$/, "expected a cursor, a whole number"),
      v.transform(Number),
      v.description("Wait until the server has come at least this far; 503 when it does not within two seconds"),
    ),
  ),
});
