/** How an event of the journal is described: its level, what it means, what to do, and the fields it has. */
import { oneLine } from "../one-line.ts";
import type { GenericSchema, InferInput } from "valibot";

/** `debug` lines are for finding out about one client or one station; the others are for every day. */
export const LEVELS = ["debug", "info", "warn", "error"] as const;
export type Level = (typeof LEVELS)[number];

/** The level of a flag; undefined for a word that is none. */
export function levelOf(text: string): Level | undefined {
  return LEVELS.find((level) => level === text);
}

/** One line for whoever typed it. */
export function badLevel(text: string): string {
  return `--log-level ${oneLine(text)}: one of ${LEVELS.join(", ")} is needed`;
}

type FieldValue = string | number | boolean | null;
export type Fields = Readonly<Record<string, GenericSchema<FieldValue, FieldValue>>>;

export interface EventKind<F extends Fields = Fields> {
  level: Level;
  /** One sentence for whoever reads it. */
  meaning: string;
  /** What to do; null when there is nothing to be done. */
  remedy: string | null;
  fields: F;
}

/** Events by their stable names, which have the form `subject.what-happened`. */
export type Catalogue = Readonly<Record<string, EventKind>>;

export const event = <F extends Fields>(
  level: Level,
  meaning: string,
  remedy: string | null,
  fields: F,
): EventKind<F> => ({ level, meaning, remedy, fields });

export type NameOf<C extends Catalogue> = keyof C & string;
/** What has to be said with an event. */
export type FieldsOf<C extends Catalogue, Name extends NameOf<C>> = {
  [Field in keyof C[Name]["fields"]]: InferInput<C[Name]["fields"][Field]>;
};
