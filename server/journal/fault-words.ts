/** What is wrong with a disk, out of the sentence for people, which also names a path and is not for the journal. */
import { DISK_FAULTS, type DiskFault } from "../../shared/journal/fields.ts";
import type { TextsFaultCode } from "../texts/texts.ts";

/** @param reason as `explainFault` makes it: `ledger PATH: what (why). Remedy` */
export function diskFaultOf(reason: string): DiskFault {
  if (reason.startsWith("the ledger's thread failed")) return "thread-ended";
  // The last one: the path or SQLite's words may hold parentheses, too.
  const why = [...reason.matchAll(/\(([a-z-]+)\)\. [A-Z]/g)].at(-1)?.[1];
  return DISK_FAULTS.find((fault) => fault === why) ?? "other";
}

export function textsFaultOf(code: TextsFaultCode): DiskFault {
  return DISK_FAULTS.find((fault) => fault === code) ?? "other";
}
