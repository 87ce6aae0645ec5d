/** What keeps a serial port from giving bytes. */
export type Trouble =
  | { kind: "missing" }
  | { kind: "notPermitted" }
  /** `by`: a program that is known to try ports and runs now. */
  | { kind: "taken"; by?: "ModemManager" }
  | { kind: "notSerial" }
  | { kind: "unplugged" }
  | { kind: "replaced" }
  | { kind: "slowToOpen" }
  /** It was asked who it is, in all ways it may understand. */
  | { kind: "silent"; device: string }
  | { kind: "wrongDevice"; device: string }
  /** The machine slept, and what a device that is asked knows of us is gone. */
  | { kind: "slept" }
  /** What only one kind of device has, in the words of its driver. */
  | { kind: "said"; reason: string }
  /** Anything else, in the words of the system. */
  | { kind: "other"; message: string };

/** Shipped with the program; docs/readers.md says where it goes. */
const UDEV_RULES = "70-polling-station.rules";

/** Long enough for any message of the system, short enough for a panel. */
const MAX_MESSAGE_LENGTH = 200;

/**
 * What an error from opening or reading a port means.
 *
 * serialport 13 gives no codes: its native part builds `Error: No such file or directory, cannot open /dev/x` and
 * `Error Resource temporarily unavailable Cannot lock port` from strerror (measured on Linux; Windows: `File not
 * found`, `Access denied`, the latter for a port that another program holds). So the words are what there is.
 */
export function troubleOf(message: string): Trouble {
  if (/no such (file|device)|file not found/i.test(message)) return { kind: "missing" };
  if (/cannot lock port|resource (temporarily unavailable|busy)|access denied/i.test(message)) return { kind: "taken" };
  if (/permission denied|operation not permitted/i.test(message)) return { kind: "notPermitted" };
  if (/inappropriate ioctl|is a directory|not a tty/i.test(message)) return { kind: "notSerial" };
  if (/bad file descriptor|input\/output error|device not configured|\b(EIO|ENXIO|EBADF)\b/i.test(message)) {
    return { kind: "unplugged" };
  }
  return { kind: "other", message: message.replace(/\p{Cc}+/gu, " ").slice(0, MAX_MESSAGE_LENGTH) };
}

/** What happened and what to do, in one line, for the person in front of the reader. */
export function explainTrouble(path: string, trouble: Trouble): string {
  switch (trouble.kind) {
    case "missing":
      return `${path} is not there: plug the reader in, or check the path`;
    case "notPermitted":
      return `not permitted to open ${path}: add the station's user to the group dialout (sudo usermod -aG dialout "$USER") and log in again, or install ${UDEV_RULES}`;
    case "taken":
      if (trouble.by !== undefined) {
        return `${path} is taken by another program, perhaps ${trouble.by} for some seconds: wait, or install ${UDEV_RULES}, which keeps it away`;
      }
      return `${path} is taken by another program: close that program, or start only one station`;
    case "notSerial":
      return `${path} is not a serial port: check the path`;
    case "unplugged":
      return `${path} was unplugged: plug the reader in again`;
    case "replaced":
      return `${path} is another device now: connecting to it again`;
    case "slowToOpen":
      return `${path} does not answer: unplug the reader and plug it in again`;
    case "silent":
      return `${path} is open, but no ${trouble.device} answers: check its power, its wires (TX to RX, RX to TX) and the baud rate`;
    case "wrongDevice":
      return `${path} answers, but is no ${trouble.device}: check the protocol that it was given`;
    case "slept":
      return `${path} is connected to again after sleep: this takes a moment`;
    case "said":
      return trouble.reason;
    case "other":
      return `${path} fails (${trouble.message}): unplug the reader and plug it in again`;
  }
}
