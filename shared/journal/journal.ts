/**
 * The journal: what a program says of itself, a line for each event. ("Log" is taken, by the station's signed log.)
 *
 * What may be said stands in a catalogue; a field that is not as it says is not written. An event that comes too often is
 * written some times in a minute, and then counted.
 */
import * as v from "valibot";
import { LEVELS, type Catalogue, type FieldsOf, type Level, type NameOf } from "./event.ts";
import { WINDOW_MS, stepFlow, type Flow } from "./flow.ts";
import type { JournalEvents } from "./own-events.ts";

export interface Journal<C extends Catalogue> {
  /** Say that something happened. Never throws and never waits. */
  note<Name extends NameOf<C>>(
    name: Name,
    ...fields: [keyof FieldsOf<C, Name>] extends [never] ? [] : [FieldsOf<C, Name>]
  ): void;
  /** Write down what is still held back by its number. */
  settle(): void;
}

export interface JournalSurroundings<C extends Catalogue> {
  catalogue: C;
  /** Events below it are not written. */
  level: Level;
  /** Never jumps, milliseconds. */
  monotonicMs: () => number;
  /** Run once after a delay; returns the way to cancel. Need not keep the program alive. */
  setTimer: (run: () => void, delayMs: number) => () => void;
  /** A line for the file. */
  write: (level: Level, line: JournalLine) => void;
  /** A line for whoever watches the program: warnings and errors. */
  tell: (words: string) => void;
}

type Value = string | number | boolean | null;
/** One line without its time and level. */
export type JournalLine = { event: string } & Record<string, Value>;

/** @param around its catalogue holds what the journal says of itself, too */
export function createJournal<C extends Catalogue & JournalEvents>(around: JournalSurroundings<C>): Journal<C> {
  const { monotonicMs, setTimer } = around;
  const catalogue: Catalogue = around.catalogue;
  const flows = new Map<string, Flow>();
  const least = LEVELS.indexOf(around.level);
  let cancel: (() => void) | undefined;

  const put = (name: string, fields: Record<string, Value>) => {
    const kind = catalogue[name];
    if (kind === undefined || LEVELS.indexOf(kind.level) < least) return;
    around.write(kind.level, { event: name, ...fields });
    if (kind.level === "warn" || kind.level === "error") around.tell(inWords(name, kind, fields));
  };
  const tellHeld = (name: string, held: number) => {
    if (held > 0) put("journal.repeated", { of: name, times: held });
  };
  const settle = () => {
    cancel?.();
    cancel = undefined;
    for (const [name, { held }] of flows) tellHeld(name, held);
    flows.clear();
  };
  /** A storm that is over is told of without another event of its kind. */
  const settleLater = () => {
    cancel ??= setTimer(() => {
      cancel = undefined;
      settle();
    }, WINDOW_MS);
  };

  return {
    note(name, ...[given]) {
      const kind = catalogue[name];
      if (kind === undefined || LEVELS.indexOf(kind.level) < least) return;
      const { flow, pass, heldBefore } = stepFlow(flows.get(name), monotonicMs());
      flows.set(name, flow);
      tellHeld(name, heldBefore);
      if (!pass) return settleLater();
      const checked = v.safeParse(v.strictObject(kind.fields), given ?? {});
      // Which field, and what was in it, is not said either.
      if (checked.success) put(name, checked.output);
      else put("journal.refused", { of: name });
    },
    settle,
  };
}

/** A plain line for people: what it means, what to do, and the name to look for. */
function inWords(
  name: string,
  { meaning, remedy }: { meaning: string; remedy: string | null },
  fields: Record<string, Value>,
): string {
  const facts = Object.entries(fields).map(([field, value]) => ` ${field}=${String(value)}`);
  return `${meaning}${remedy === null ? "" : ` ${remedy}`} (${name}${facts.join("")})`;
}
