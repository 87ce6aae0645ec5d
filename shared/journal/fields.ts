/**
 * What a line of the journal may hold: numbers, ids, words of a list, and places in our own code. There is no field for free
 * text, so that no UID, key, token, password, code, question or name can get in, whoever writes the line.
 */
import * as v from "valibot";
import { CLOSE, type CloseName } from "../link/close-codes.ts";
import { IdText, whole } from "../schemas.ts";

/** Of things, milliseconds, bytes: the field's name says which. */
export const Count = whole(0);
export const Flag = v.boolean();
/** Of a poll, a station, a log or an event. UIDs are shorter, keys and tokens longer. */
export const Id = IdText;
/** One of these. */
export const word = <const Words extends readonly [string, ...string[]]>(...words: Words) => v.picklist(words);

/** What tells one error from another: its class, by name. */
export const ErrorName = v.pipe(v.string(), v.regex(/^[A-Z][A-Za-z]{0,40}(?:Error|Fault|Unusable)$|^Error$/));

/** Of the system, as a program may meet them. */
const SYSTEM_CODES = [
  "EACCES",
  "EADDRINUSE",
  "EADDRNOTAVAIL",
  "EAGAIN",
  "EBUSY",
  "ECONNREFUSED",
  "ECONNRESET",
  "EDQUOT",
  "EEXIST",
  "EHOSTUNREACH",
  "EINVAL",
  "EIO",
  "EISDIR",
  "EMFILE",
  "ENETUNREACH",
  "ENFILE",
  "ENODEV",
  "ENOENT",
  "ENOMEM",
  "ENOSPC",
  "ENOTDIR",
  "ENOTFOUND",
  "ENXIO",
  "EPERM",
  "EPIPE",
  "EROFS",
  "ETIMEDOUT",
];
/** A system's code, one of Node's or a library's (`ERR_…`), or "none". */
export const ErrorCode = v.pipe(
  v.string(),
  v.check((code) => code === "none" || SYSTEM_CODES.includes(code) || /^(?:FST_)?ERR_[A-Z][A-Z_]{2,60}$/.test(code)),
);

/** A line of a program of ours: `server/api/api.ts:12:3`, or of a package; "?" when nobody knows. */
export const Place = v.pipe(
  v.string(),
  v.regex(
    /^\?$|^(?:(?:server|electron|shared|dist|node_modules)\/[\w.@/-]{1,120}\.[cm]?[jt]s|node:[a-z_/]{1,60}):\d{1,6}:\d{1,6}$/,
  ),
);

const ROUTE = /^(?:GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS) (?:\?|\/|(?:\/(?:v1|:?[a-z]+(?:\.[a-z]+)?|\*))+)$/;
/** Method and pattern of a route, with `:id` for an id; "?" for an address that is nobody's. */
export const Route = v.pipe(
  v.string(),
  v.maxLength(120),
  v.regex(ROUTE),
  // A UID that happens to be all letters must not pass for a part of an address.
  v.check((route) => route.split("/").every((part) => !/^[a-f]{8,}$/.test(part))),
);

function closeNames(): [CloseName, ...CloseName[]] {
  const isName = (name: string): name is CloseName => Object.hasOwn(CLOSE, name);
  return ["goingAway", ...Object.keys(CLOSE).filter(isName)];
}
/** A name of the catalogue; only the journal itself speaks of its events. */
export const EventName = v.pipe(v.string(), v.regex(/^[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*$/));

/** Why a link ended: a close code's name, "lost" when it just broke, "other" for a code of nobody we know. */
export const CloseWhy = v.picklist([...closeNames(), "lost", "other"]);
export type CloseWhy = v.InferOutput<typeof CloseWhy>;

/** What is wrong with a disk or a file on it. */
export const DISK_FAULTS = [
  "disk-full",
  "read-only",
  "not-writable",
  "io-error",
  "corrupt",
  "removed",
  "replaced",
  "in-use",
  "no-answer",
  "thread-ended",
  "other",
] as const;
export type DiskFault = (typeof DISK_FAULTS)[number];
export const DiskFault = v.picklist(DISK_FAULTS);
