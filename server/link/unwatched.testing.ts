/** For tests in which nobody watches the link. */
import { createServerCounts } from "../metrics/server-counts.ts";
import type { LinkWatch } from "./link-watch.ts";

export function unwatched(): LinkWatch {
  const nothing = () => {};
  return { counts: createServerCounts().link, onWaiting: nothing, onAdmitted: nothing, onLinkClosed: nothing };
}
