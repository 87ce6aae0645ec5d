/**
 * Every sentence that the station says of itself, by a code that stays: what happened and what to do, in English. Logs,
 * `/healthz` and the server have it as it stands here; the pages have each in every language (`renderer/ui/text/sentences/`).
 * A place is `{name}`. Nothing is counted in words, as languages differ in that: "Votes that wait here: {n}." What a system
 * takes literally (a command, a path, the name of a file) is a place, so that nobody translates it.
 */
import { DISK } from "./disk.ts";
import { LINK } from "./link.ts";
import { PANEL } from "./panel.ts";
import { READERS } from "./readers.ts";

export const ENGLISH = { ...READERS, ...DISK, ...LINK, ...PANEL } as const;
