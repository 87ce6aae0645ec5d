/** What keeps a serial port from giving bytes, and the words for it. */
import { say, type Sentence } from "../../../shared/sentences/sentence.ts";

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
  /** What only one kind of device has, as its driver says it. */
  | { kind: "said"; sentence: Sentence }
  /** Anything else, in the words of the system. */
  | { kind: "other"; message: string };

/** Shipped with the program; docs/readers.md says where it goes. */
const UDEV_RULES = "70-polling-station.rules";
/** Of Debian and its kin; docs/kiosk.md names others'. */
const GROUP = "dialout";
const JOIN_GROUP = `sudo usermod -aG ${GROUP} "$USER"`;

/** Long enough for any message of the system, short enough that the whole sentence is a line of the panel. */
const MAX_MESSAGE_LENGTH = 150;

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

/** What happened and what to do, for the person in front of the reader. */
export function explainTrouble(port: string, trouble: Trouble): Sentence {
  switch (trouble.kind) {
    case "missing":
      return say("port-missing", { port });
    case "notPermitted":
      return say("port-not-permitted", { port, group: GROUP, command: JOIN_GROUP, rules: UDEV_RULES });
    case "taken":
      return trouble.by === undefined
        ? say("port-taken", { port })
        : say("port-probed", { port, program: trouble.by, rules: UDEV_RULES });
    case "notSerial":
      return say("port-not-serial", { port });
    case "unplugged":
      return say("port-unplugged", { port });
    case "replaced":
      return say("port-replaced", { port });
    case "slowToOpen":
      return say("port-slow", { port });
    case "silent":
      return say("port-silent", { port, device: trouble.device });
    case "wrongDevice":
      return say("port-other-device", { port, device: trouble.device });
    case "slept":
      return say("port-slept", { port });
    case "said":
      return trouble.sentence;
    case "other":
      return say("port-fails", { port, message: trouble.message });
  }
}
