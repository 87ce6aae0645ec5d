import { stat } from "node:fs/promises";
import { SerialPort } from "serialport";
import type { PathLook } from "./connection.ts";
import type { PortEvents, PortOpening, SerialDeps } from "./port.ts";
import { troubleOf } from "./trouble.ts";

/** The real port, path and timers. */
export const systemSerialDeps: SerialDeps = {
  openPort: openSystemPort,
  lookAtPath: lookAtSystemPath,
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

/**
 * A port through serialport 13.
 *
 * Its `set`, `get` (they fail on a pty), `write` (queued over a reopen) and parsers are not used. `data` and `error`
 * are always listened to: an unplug is noticed only while reading, and an `error` nobody hears ends the process. A new
 * object is made for every opening, so nothing of the old one can reach into the new.
 */
async function openSystemPort(path: string, baud: number, events: PortEvents): Promise<PortOpening> {
  const { promise, resolve } = Promise.withResolvers<PortOpening>();
  try {
    const port = new SerialPort({
      path,
      baudRate: baud,
      dataBits: 8,
      parity: "none",
      stopBits: 1,
      autoOpen: false,
    });
    port.on("data", (bytes: Uint8Array) => events.onBytes(bytes));
    port.on("error", (error: Error) => events.onGone(troubleOf(error.message)));
    port.on("close", () => events.onGone({ kind: "unplugged" }));
    port.open((error) => {
      if (error !== null) {
        resolve({ ok: false, trouble: troubleOf(error.message) });
        return;
      }
      resolve({
        ok: true,
        // Closing a port that is closed is an error to serialport, and what is wanted to us.
        port: { close: () => new Promise((closed) => port.close(() => closed())) },
      });
    });
  } catch (error) {
    // The constructor throws on options it does not like.
    return { ok: false, trouble: troubleOf(error instanceof Error ? error.message : String(error)) };
  }
  return promise;
}

/**
 * The device a path leads to, links followed, so that a by-path link that now leads to another port counts as another.
 *
 * Inode, device number and birth: a USB adapter that comes back gets a new node even where it gets the old name.
 */
async function lookAtSystemPath(path: string): Promise<PathLook> {
  // COM3 is not in the file system.
  if (process.platform === "win32") return { kind: "unknown" };
  try {
    const { dev, ino, rdev, birthtimeMs } = await stat(path);
    return { kind: "device", mark: `${dev}:${ino}:${rdev}:${birthtimeMs}` };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    return { kind: code === "ENOENT" || code === "ENOTDIR" ? "missing" : "unknown" };
  }
}
