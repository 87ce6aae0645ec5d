/** `GET /healthz`, on both programs: how each part is, and what to do where one is not well. */
import * as v from "valibot";
import { whole } from "../schemas.ts";
import { Cursor } from "./cursor.ts";

/** `degraded`: votes are taken, but somebody should look. `failing`: votes are not taken. */
export const HEALTH_WORDS = ["ok", "degraded", "failing"] as const;
export const HealthWord = v.picklist(HEALTH_WORDS);
export type HealthWord = v.InferOutput<typeof HealthWord>;

export const HealthPart = v.strictObject({
  status: HealthWord,
  reason: v.optional(v.pipe(v.string(), v.description("What is wrong and what to do; not told to strangers"))),
  since: v.optional(
    v.pipe(v.string(), v.isoTimestamp(), v.description("When it was found to be so; not told to strangers")),
  ),
});
export type HealthPart = v.InferOutput<typeof HealthPart>;

/** 200 while `status` is not "failing", else 503. */
export const ServerHealth = v.strictObject({
  status: HealthWord,
  cursor: Cursor,
  stations: v.pipe(whole(0), v.description("Stations on the link")),
  uptimeS: whole(0),
  parts: v.strictObject({
    ledger: v.pipe(HealthPart, v.description("Votes are stored")),
    texts: v.pipe(HealthPart, v.description("Questions and names are stored")),
    disk: v.pipe(HealthPart, v.description("There is room on the disk")),
    link: v.pipe(HealthPart, v.description("Stations are there while a poll is open")),
    eventKey: v.pipe(HealthPart, v.description("It is off the disk once it was destroyed")),
    certificate: v.pipe(HealthPart, v.description("It is valid for some time; always ok without TLS")),
    clock: v.pipe(HealthPart, v.description("The computer's clock was not put back")),
    journal: v.pipe(HealthPart, v.description("The journal is written")),
  }),
});
export type ServerHealth = v.InferOutput<typeof ServerHealth>;

export const StationHealth = v.strictObject({
  status: HealthWord,
  link: v.string(),
  /** What the organiser types to admit it; null while there is none. */
  code: v.nullable(v.string()),
  /** Ballots on its disk which the server has not acknowledged. */
  safeHere: whole(0),
  readers: v.strictObject({ present: whole(0), lost: whole(0) }),
  uptimeS: whole(0),
  /** How the event key is kept on its disk: encrypted by the system, or in a file that only its user can read. */
  eventKey: v.picklist(["sealed", "plain"]),
  parts: v.strictObject({
    /** Votes are stored. */
    log: HealthPart,
    /** There is room on the disk. */
    disk: HealthPart,
    /** The server is there, and this station is of the event. */
    link: HealthPart,
    readers: HealthPart,
    /** The server's clock was measured since the start, and the computer's was not put back. */
    clock: HealthPart,
    journal: HealthPart,
  }),
});
export type StationHealth = v.InferOutput<typeof StationHealth>;
