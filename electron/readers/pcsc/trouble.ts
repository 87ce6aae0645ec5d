/** What keeps PC/SC readers from being used, and the words for it: what happened and what to do, on one line. */
import { oneLine } from "../../../shared/one-line.ts";

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
/** Shipped in build/linux; docs/readers.md says how they are installed. */
const POLKIT_FILE = "50-polling-station-pcscd.rules";
const BLACKLIST_FILE = "polling-station-nfc.conf";
const POLKIT = `copy ${POLKIT_FILE} to /etc/polkit-1/rules.d/, then: sudo usermod -aG plugdev "$USER", and log in again`;
/** Enough to find it again, short enough for the panel. */
const MAX_MESSAGE_LENGTH = 80;
const MAX_PATH_LENGTH = 80;
const MAX_TITLE_LENGTH = 64;

export function explainService(trouble: ServiceTrouble): string {
  switch (trouble.kind) {
    case "missing":
      return `pcscd is not running (no ${path(trouble)}): sudo apt-get install -y pcscd && ${START}`;
    case "dead":
      return `pcscd has died (nobody answers at ${path(trouble)}): ${START}`;
    case "notPermitted":
      return `not permitted to open ${path(trouble)}: ${POLKIT}; if that is done: sudo systemctl restart pcscd.socket`;
    case "denied":
      return `pcscd does not let this user in (polkit): ${POLKIT}`;
    case "ended":
      return `pcscd has stopped: it is tried again by itself; if it stays away: ${START}`;
    case "silent":
      return `pcscd does not answer: sudo systemctl restart pcscd`;
    case "corrupt":
      return `pcscd says what cannot be understood (${oneLine(trouble.why)}): sudo systemctl restart pcscd`;
    case "protocol":
      return `pcscd speaks protocol ${oneLine(trouble.server)}, the station 4.4 and 4.5: install the pcscd of your distribution, or a newer station`;
    case "other":
      return `the smart card service fails (${oneLine(trouble.message, MAX_MESSAGE_LENGTH)}): start it (Linux: ${START}; Windows: net start SCardSvr), or plug the reader in again`;
  }
}

function path(trouble: { path: string }): string {
  return oneLine(trouble.path, MAX_PATH_LENGTH);
}

/** What keeps one reader from being used. */
export type PcscReaderTrouble = { kind: "notThere"; heldBy: string | null } | { kind: "taken" } | { kind: "denied" };

/** @param title the reader's name for people */
export function explainReader(title: string, trouble: PcscReaderTrouble): string {
  const name = oneLine(title, MAX_TITLE_LENGTH);
  switch (trouble.kind) {
    case "notThere":
      return trouble.heldBy === null
        ? `${name} is not there: plug it in, into the same port`
        : explainHeld(name, trouble.heldBy);
    case "taken":
      return `${name} is taken by another program: close that program (browser with smart card support, gpg's scdaemon)`;
    case "denied":
      return `pcscd does not let this user use ${name} (polkit): ${POLKIT}`;
  }
}

/** @param driver of the kernel, `pn533_usb` as a rule */
export function explainHeld(name: string, driver: string): string {
  return `${oneLine(name, MAX_TITLE_LENGTH)} is held by the kernel's driver ${oneLine(driver, MAX_TITLE_LENGTH)}: copy ${BLACKLIST_FILE} to /etc/modprobe.d/, then: sudo modprobe -r pn533_usb pn533 nfc, and plug the reader in again`;
}
