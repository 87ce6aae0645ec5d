/** One line of a journal's file, read back: for tests, and for whoever processes journals. */
import * as v from "valibot";
import { LEVELS, type Catalogue } from "./event.ts";

const Head = v.looseObject({
  time: v.pipe(v.string(), v.isoTimestamp()),
  level: v.picklist(LEVELS),
  event: v.string(),
});
export type ReadLine = v.InferOutput<typeof Head>;

/** The line, all of it as the catalogue says. Throws when anything in it is not. */
export function readLine(catalogue: Catalogue, text: string): ReadLine {
  const line = v.parse(Head, JSON.parse(text));
  const kind = catalogue[line.event];
  if (kind === undefined) throw new Error(`${line.event} is not in the catalogue`);
  if (kind.level !== line.level) throw new Error(`${line.event} is ${kind.level}, not ${line.level}`);
  const { time: _time, level: _level, event: _event, ...fields } = line;
  v.parse(v.strictObject(kind.fields), fields);
  return line;
}
