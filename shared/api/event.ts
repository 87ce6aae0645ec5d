/** The event, and how the server is. */
import * as v from "valibot";
import { IdText, whole } from "../schemas.ts";
import { Cursor } from "./cursor.ts";
import { GivenName } from "./stations.ts";

/** `id` is null until the server has made its event; `title` is "" until somebody gave one. */
export const EventShown = v.strictObject({ id: v.nullable(IdText), title: v.string(), cursor: Cursor });

/** Body of `PUT /event`. */
export const EventTitle = v.strictObject({ title: GivenName });

/** `GET /healthz`, when all is well. */
export const Health = v.strictObject({
  status: v.literal("ok"),
  cursor: Cursor,
  /** Stations on the link. */
  stations: whole(0),
  uptimeS: whole(0),
});
