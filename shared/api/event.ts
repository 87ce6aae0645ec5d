/** The event. */
import * as v from "valibot";
import { LfBits } from "../domain/event-settings.ts";
import { IdText } from "../schemas.ts";
import { Cursor } from "./cursor.ts";
import { GivenName, NamedStation } from "./stations.ts";

/** The key under which tags become pseudonyms. Which stations have destroyed theirs is told to the organiser only. */
const EventKey = v.strictObject({
  destroyed: v.boolean(),
  confirmed: v.optional(v.pipe(v.array(NamedStation), v.description("Stations that said that they destroyed it"))),
  missing: v.optional(
    v.pipe(v.array(NamedStation), v.description("Stations that still have to, once it is destroyed")),
  ),
});

/** `id` is null until the server has made its event; `title` is "" until somebody gave one. */
export const EventShown = v.strictObject({
  id: v.nullable(IdText),
  title: v.string(),
  key: EventKey,
  lfBits: v.pipe(
    LfBits,
    v.description("Low bits of a 125 kHz number that make two readings one tag; fixed at the first ballot"),
  ),
  cursor: Cursor,
});

/** Body of `DELETE /event/key`: the event's id, so that nobody does it by a slip. */
export const KeyDestruction = v.strictObject({ confirm: IdText });

/** Body of `PUT /event`. */
export const EventBody = v.strictObject({
  title: GivenName,
  lfBits: v.optional(v.pipe(LfBits, v.description("As it was, when it is left out"))),
});
