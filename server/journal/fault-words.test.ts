import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { LedgerFaultError, explainFault } from "../ledger/sqlite/ledger-fault.ts";
import { diskFaultOf, textsFaultOf } from "./fault-words.ts";

const systemError = (code: string) => Object.assign(new Error(`${code}: not (really). Here`), { code });

// With what a fault's word stands between in it.
const folder = mkdtempSync(join(tmpdir(), "(a). B-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("the journal says what is wrong with the disk, and nothing of where", () => {
  const of = (error: unknown) => diskFaultOf(explainFault(error, join(folder, "ledger.sqlite")).reason);
  expect(of(systemError("ENOSPC"))).toBe("disk-full");
  expect(of(systemError("EROFS"))).toBe("not-writable");
  expect(of(systemError("EIO"))).toBe("io-error");
  expect(of(new LedgerFaultError("removed", "it was removed"))).toBe("removed");
  expect(of(new LedgerFaultError("corrupt", "a page (17) is damaged"))).toBe("corrupt");
  expect(of(new Error("a bug (disk-full). Not"))).toBe("other");
  expect(diskFaultOf("the ledger's thread failed: out of memory. It is being started again.")).toBe("thread-ended");
  expect(diskFaultOf("the ledger is closed")).toBe("other");
  expect([textsFaultOf("disk-full"), textsFaultOf("foreign-file")]).toEqual(["disk-full", "other"]);
});
