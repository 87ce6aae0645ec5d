/**
 * What strace wrote (`-f -y -xx -o FILE`), as system calls in order. The order is the tracer's: a call that another one
 * waited for is there as returned before that other one began, in whatever threads the two ran.
 */

export interface Call {
  thread: number;
  name: string;
  /** What its first argument stands for: a file's path, `socket:[…]` or `pipe:[…]`; "" when strace did not say. */
  target: string;
  /** The bytes it was given; of a `writev` and a `sendmsg`, its pieces in one. */
  bytes: Buffer;
  /** -1 when it failed or never returned. */
  result: number;
  /** Places in the trace. `Infinity` when it never returned. */
  beganAt: number;
  returnedAt: number;
}

/** Flags under which strace writes what is read here. Nothing is cut: no program of ours writes more at once. */
export const STRACE_FLAGS = ["-f", "-D", "--seccomp-bpf", "-y", "-xx", "-s", "1048576"] as const;

const WHOLE = /^(\d+) +(\w+)\((.*)\) += (-?\d+|\?)(?: .*)?$/;
const UNFINISHED = /^(\d+) +(\w+)\((.*) <unfinished \.\.\.>$/;
const RESUMED = /^(\d+) +<\.\.\. (\w+) resumed>.*\) += (-?\d+|\?)(?: .*)?$/;
/** Signals, and ends of threads. */
const NO_CALL = /^\d+ +(?:---|\+\+\+) /;

/** All calls of a trace, by when they began. Throws at a line it does not understand: half a trace proves nothing. */
export function parseStrace(text: string): Call[] {
  const calls: Call[] = [];
  const unfinished = new Map<number, Call>();
  for (const [place, line] of text.split("\n").entries()) {
    if (line === "" || NO_CALL.test(line)) continue;
    const resumed = RESUMED.exec(line);
    if (resumed !== null) {
      const call = unfinished.get(Number(resumed[1]));
      if (call === undefined || call.name !== resumed[2])
        throw new Error(`line ${place + 1} resumes what was not begun: ${shorten(line)}`);
      unfinished.delete(call.thread);
      call.result = resultOf(resumed[3]);
      call.returnedAt = place;
      continue;
    }
    const whole = WHOLE.exec(line);
    const begun = whole ?? UNFINISHED.exec(line);
    if (begun === null) throw new Error(`line ${place + 1} is no system call: ${shorten(line)}`);
    const call = begin(begun, place);
    calls.push(call);
    if (whole === null) unfinished.set(call.thread, call);
    else {
      call.result = resultOf(whole[4]);
      call.returnedAt = place;
    }
  }
  return calls;
}

function begin([line, thread, name = "", given = ""]: RegExpExecArray, place: number): Call {
  const target = /^\d+<((?:\\x[0-9a-f]{2})*)>/.exec(given)?.[1] ?? "";
  const pieces = [...given.matchAll(/"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?/g)];
  if (pieces.some(([, , cut]) => cut !== undefined)) throw new Error(`line ${place + 1} is cut: ${shorten(line)}`);
  return {
    thread: Number(thread),
    name,
    target: fromEscapes(target).toString(),
    bytes: Buffer.concat(pieces.map(([, escapes = ""]) => fromEscapes(escapes))),
    result: -1,
    beganAt: place,
    returnedAt: Number.POSITIVE_INFINITY,
  };
}

function fromEscapes(escapes: string): Buffer {
  return Buffer.from(escapes.replaceAll("\\x", ""), "hex");
}

/** `?` stands where a call did not return: it is restarted, or its thread ended in it. */
function resultOf(text: string | undefined): number {
  return text === undefined || text === "?" ? -1 : Number(text);
}

function shorten(line: string): string {
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}
