/** What keeps a serial port from giving bytes. */
export type Trouble =
  | { kind: "missing" }
  | { kind: "notPermitted" }
  | { kind: "taken" }
  | { kind: "notSerial" }
  | { kind: "unplugged" }
  | { kind: "replaced" }
  | { kind: "slowToOpen" }
  /** Anything else, in the words of the system. */
  | { kind: "other"; message: string };

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
      return `not permitted to open ${path}: add the station's user to the group dialout (sudo usermod -aG dialout "$USER") and log in again`;
    case "taken":
      return `${path} is taken by another program: close that program, or start only one station`;
    case "notSerial":
      return `${path} is not a serial port: check the path`;
    case "unplugged":
      return `${path} was unplugged: plug the reader in again`;
    case "replaced":
      return `${path} is another device now: connecting to it again`;
    case "slowToOpen":
      return `${path} does not answer: unplug the reader and plug it in again`;
    case "other":
      return `${path} fails (${trouble.message}): unplug the reader and plug it in again`;
  }
}
