import { describe, expect, test } from "vitest";
import { parseStrace } from "./strace.ts";

/** As strace writes a string under `-xx`. */
const hex = (text: string) => [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
const WAL = hex("/data/log.sqlite-wal");

describe("a trace", () => {
  test("gives a call's thread, name, file, bytes and result", () => {
    const [call] = parseStrace(`16994 pwrite64(27<${WAL}>, "${hex("vote")}", 4, 32) = 4\n`);
    expect(call).toEqual({
      thread: 16994,
      name: "pwrite64",
      target: "/data/log.sqlite-wal",
      bytes: Buffer.from("vote"),
      result: 4,
      beganAt: 0,
      returnedAt: 0,
    });
  });

  test("joins the pieces of a writev and of a sendmsg", () => {
    const socket = hex("socket:[99]");
    const calls = parseStrace(
      `1 writev(22<${socket}>, [{iov_base="${hex("ab")}", iov_len=2}, {iov_base="${hex("c")}", iov_len=1}], 2) = 3\n` +
        `1 sendmsg(22<${socket}>, {msg_name=NULL, msg_iov=[{iov_base="${hex("de")}", iov_len=2}]}, MSG_NOSIGNAL) = 2\n`,
    );
    expect(calls.map(({ target, bytes }) => [target, bytes.toString()])).toEqual([
      ["socket:[99]", "abc"],
      ["socket:[99]", "de"],
    ]);
  });

  test("tells when a call began and when it returned, with calls of other threads in between", () => {
    const calls = parseStrace(
      [
        `2 fdatasync(27<${WAL}> <unfinished ...>`,
        `1 write(20<${hex("socket:[1]")}>, "${hex("a")}", 1 <unfinished ...>`,
        `3 write(21<${hex("socket:[2]")}>, "${hex("b")}", 1) = 1`,
        `2 <... fdatasync resumed>)              = 0`,
        `1 <... write resumed>)                  = 1`,
      ].join("\n"),
    );
    expect(
      calls.map(({ thread, name, result, beganAt, returnedAt }) => [thread, name, result, beganAt, returnedAt]),
    ).toEqual([
      [2, "fdatasync", 0, 0, 3],
      [1, "write", 1, 1, 4],
      [3, "write", 1, 2, 2],
    ]);
  });

  test("takes a call that failed, was interrupted or never returned for a failed one", () => {
    const calls = parseStrace(
      [
        `1 fdatasync(27<${WAL}>) = -1 EIO (Input/output error)`,
        `1 fdatasync(27<${WAL}>) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)`,
        `1 fdatasync(27<${WAL}> <unfinished ...>`,
        `1 +++ killed by SIGKILL +++`,
      ].join("\n"),
    );
    expect(calls.map(({ result }) => result)).toEqual([-1, -1, -1]);
    expect(calls.at(-1)?.returnedAt).toBe(Number.POSITIVE_INFINITY);
  });

  test("passes over signals and the ends of threads", () => {
    expect(parseStrace("1 --- SIGTERM {si_signo=SIGTERM} ---\n1 +++ exited with 0 +++\n")).toEqual([]);
  });

  test.each([
    ["bytes cut short", `1 write(20<${WAL}>, "${hex("vote")}"..., 4096) = 4096`],
    ["an end without a beginning", "1 <... fdatasync resumed>) = 0"],
    ["an end of another call", `1 fdatasync(27<${WAL}> <unfinished ...>\n1 <... write resumed>) = 1`],
    ["anything else", "strace: out of memory"],
  ])("is refused for %s", (_, text) => {
    expect(() => parseStrace(text)).toThrow(/^line \d/);
  });
});
