/** What keeps a keyboard wedge from being heard, in one line with its remedy, for the person in front of it. */
import type { Trouble } from "../serial/trouble.ts";

export const NO_EVTEST =
  "keyboard wedges need the program evtest, which keeps their keys from every other window: sudo apt-get install evtest";

/** Long enough for any message of the system, short enough for a panel. */
const MAX_MESSAGE_LENGTH = 200;

export function notPermitted(path: string): string {
  return `not permitted to read ${path}: add the station's user to the group input (sudo usermod -aG input "$USER") and log in again`;
}

export function takenByOther(path: string): string {
  return `${path} is taken by another program: close it, or start only one station (sudo fuser -v ${path} names it)`;
}

/**
 * What the last words of evtest or cat mean. They print the system's own, in English where they run with `LC_ALL=C`: an unplug
 * ends them with `No such device`.
 */
export function childTrouble(path: string, said: string): Trouble {
  if (/no such file/i.test(said)) return { kind: "missing" };
  if (/no such device/i.test(said)) return { kind: "unplugged" };
  if (/permission denied|operation not permitted/i.test(said)) return { kind: "said", reason: notPermitted(path) };
  if (/inappropriate ioctl|is a directory|invalid argument/i.test(said)) {
    return { kind: "said", reason: `${path} is not a keyboard: check the path` };
  }
  const words = said
    .replaceAll(/\p{Cc}+/gu, " ")
    .trim()
    .slice(-MAX_MESSAGE_LENGTH);
  return words === "" ? { kind: "said", reason: childEnded(path) } : { kind: "other", message: words };
}

function childEnded(path: string): string {
  return `the program that listens to ${path} was ended: it is started again`;
}
