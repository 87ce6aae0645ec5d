/** What keeps a keyboard wedge from being heard, with its remedy, for the person in front of it. */
import { say, type Sentence } from "../../../shared/sentences/sentence.ts";
import type { Trouble } from "../serial/trouble.ts";

export const NO_EVTEST = say("evtest-missing", { command: "sudo apt-get install evtest" });
export const NO_CAT = say("cat-missing", { command: "sudo apt-get install coreutils" });
export const NOT_HERE = say("wedges-on-linux");

const GROUP = "input";
/** Long enough for any message of the system, short enough that the whole sentence is a line of the panel. */
const MAX_MESSAGE_LENGTH = 150;

export function notPermitted(port: string): Sentence {
  return say("keyboard-not-permitted", { port, group: GROUP, command: `sudo usermod -aG ${GROUP} "$USER"` });
}

export function takenByOther(port: string): Sentence {
  return say("keyboard-taken", { port, command: `sudo fuser -v ${port}` });
}

/**
 * What the last words of evtest or cat mean. They print the system's own, in English where they run with `LC_ALL=C`: an unplug
 * ends them with `No such device`.
 */
export function childTrouble(path: string, said: string): Trouble {
  if (/no such file/i.test(said)) return { kind: "missing" };
  if (/no such device/i.test(said)) return { kind: "unplugged" };
  if (/permission denied|operation not permitted/i.test(said)) return { kind: "said", sentence: notPermitted(path) };
  if (/inappropriate ioctl|is a directory|invalid argument/i.test(said)) {
    return { kind: "said", sentence: say("keyboard-none", { port: path }) };
  }
  const words = said
    .replaceAll(/\p{Cc}+/gu, " ")
    .trim()
    .slice(-MAX_MESSAGE_LENGTH);
  return words === ""
    ? { kind: "said", sentence: say("keyboard-unheard", { port: path }) }
    : { kind: "other", message: words };
}
