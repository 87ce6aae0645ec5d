/** What keeps PC/SC readers from being used, and the words for it: what happened and what to do. */
import { oneLine } from "../../../shared/one-line.ts";
import { say, type Sentence } from "../../../shared/sentences/sentence.ts";

/** What keeps the service from being spoken with. */
export type ServiceTrouble =
  /** No socket: pcscd is not installed, or nobody started it. */
  | { kind: "missing"; path: string }
  /** The socket of one that died. */
  | { kind: "dead"; path: string }
  | { kind: "notPermitted"; path: string }
  /** It hung up before its first word: polkit does not let this user in. */
  | { kind: "denied" }
  /** It went away in the middle. */
  | { kind: "ended" }
  | { kind: "silent" }
  | { kind: "corrupt"; why: string }
  | { kind: "protocol"; server: string }
  /** Anything else, in the words of the system. */
  | { kind: "other"; message: string };

const START = "sudo systemctl enable --now pcscd.socket && sudo systemctl restart pcscd";
const START_ON_WINDOWS = "net start SCardSvr";
const INSTALL = `sudo apt-get install -y pcscd && ${START}`;
const RESTART = "sudo systemctl restart pcscd";
const RESTART_SOCKET = "sudo systemctl restart pcscd.socket";
const OUR_PROTOCOLS = "4.4, 4.5";
/** The files are shipped in build/linux; docs/readers.md says how they are installed. */
const POLKIT = {
  rules: "50-polling-station-pcscd.rules",
  folder: "/etc/polkit-1/rules.d/",
  command: 'sudo usermod -aG plugdev "$USER"',
};
const LET_GO = {
  file: "polling-station-nfc.conf",
  folder: "/etc/modprobe.d/",
  command: "sudo modprobe -r pn533_usb pn533 nfc",
};
/** Enough to find it again, and short enough that the whole sentence is a line of the panel. */
const MAX_MESSAGE_LENGTH = 80;
const MAX_PATH_LENGTH = 80;
const MAX_TITLE_LENGTH = 64;

export function explainService(trouble: ServiceTrouble): Sentence {
  switch (trouble.kind) {
    case "missing":
      return say("pcscd-missing", { socket: socketOf(trouble), command: INSTALL });
    case "dead":
      return say("pcscd-dead", { socket: socketOf(trouble), command: START });
    case "notPermitted":
      return say("pcscd-not-permitted", { ...POLKIT, socket: socketOf(trouble), restart: RESTART_SOCKET });
    case "denied":
      return say("pcscd-denied", POLKIT);
    case "ended":
      return say("pcscd-ended", { command: START });
    case "silent":
      return say("pcscd-silent", { command: RESTART });
    case "corrupt":
      return say("pcscd-corrupt", { message: messageOf(trouble.why), command: RESTART });
    case "protocol":
      return say("pcscd-protocol", { theirs: messageOf(trouble.server), ours: OUR_PROTOCOLS });
    case "other":
      return say("card-service-fails", {
        message: messageOf(trouble.message),
        linux: START,
        windows: START_ON_WINDOWS,
      });
  }
}

function socketOf({ path }: { path: string }): string {
  return oneLine(path, MAX_PATH_LENGTH);
}

function messageOf(words: string): string {
  return oneLine(words, MAX_MESSAGE_LENGTH);
}

/** What keeps one reader from being used. */
export type PcscReaderTrouble = { kind: "notThere"; heldBy: string | null } | { kind: "taken" } | { kind: "denied" };

/** @param title the reader's name for people */
export function explainReader(title: string, trouble: PcscReaderTrouble): Sentence {
  const reader = oneLine(title, MAX_TITLE_LENGTH);
  switch (trouble.kind) {
    case "notThere":
      return trouble.heldBy === null ? say("card-reader-missing", { reader }) : explainHeld(title, trouble.heldBy);
    case "taken":
      return say("card-reader-taken", { reader });
    case "denied":
      return say("card-reader-denied", { ...POLKIT, reader });
  }
}

/** @param driver of the kernel, `pn533_usb` as a rule */
export function explainHeld(title: string, driver: string): Sentence {
  const reader = oneLine(title, MAX_TITLE_LENGTH);
  return say("card-reader-held", { ...LET_GO, reader, driver: oneLine(driver, MAX_TITLE_LENGTH) });
}

/** Nothing more is known of why. */
export function explainUnusable(title: string): Sentence {
  return say("card-reader-unusable", { reader: oneLine(title, MAX_TITLE_LENGTH) });
}
