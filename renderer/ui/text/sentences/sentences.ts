/** What the station says, in the languages of its pages. */
import { ENGLISH } from "../../../../shared/sentences/english.ts";
import type { SentenceCode } from "../../../../shared/sentences/sentence.ts";
import { disk as arDisk } from "./ar/disk.ts";
import { link as arLink } from "./ar/link.ts";
import { panel as arPanel } from "./ar/panel.ts";
import { readers as arReaders } from "./ar/readers.ts";
import { disk as deDisk } from "./de/disk.ts";
import { link as deLink } from "./de/link.ts";
import { panel as dePanel } from "./de/panel.ts";
import { readers as deReaders } from "./de/readers.ts";

export type Sentences = Readonly<Record<SentenceCode, string>>;

export const SENTENCES = {
  en: ENGLISH,
  de: { ...deReaders, ...deDisk, ...deLink, ...dePanel },
  ar: { ...arReaders, ...arDisk, ...arLink, ...arPanel },
} as const satisfies Record<string, Sentences>;
