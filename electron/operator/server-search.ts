/** The search for servers, as the panel shows it: at most one at a time, and what the last one found. */
import type { FoundServer } from "../discovery/found-servers.ts";
import type { SearchSurroundings } from "../discovery/search.ts";

export interface ServerSearch {
  /** Begin; nothing happens while one is under way. */
  start(): void;
  searching(): boolean;
  found(): readonly FoundServer[];
  stop(): void;
}

/** @param search begins one, and gives back the way to stop it */
export function createServerSearch(
  search: (events: Pick<SearchSurroundings, "onFound" | "onEnd">) => () => void,
  onChange: () => void,
): ServerSearch {
  let stop: (() => void) | null = null;
  let found: readonly FoundServer[] = [];
  return {
    start() {
      if (stop !== null) return;
      found = [];
      stop = search({
        onFound(servers) {
          found = servers;
          onChange();
        },
        onEnd() {
          stop = null;
          onChange();
        },
      });
      onChange();
    },
    searching: () => stop !== null,
    found: () => found,
    stop() {
      stop?.();
      stop = null;
    },
  };
}
