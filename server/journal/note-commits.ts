/** What commits of the ledger mean for the journal: polls that moved, stations that came and went, branches, the key. */
import type { PollRow, Standing } from "../../shared/domain/projection.ts";
import type { Journal } from "../../shared/journal/journal.ts";
import type { ServerEvents } from "../../shared/journal/server-events.ts";
import type { Committed, Ledger } from "../ledger/ledger.ts";

type Rows = Awaited<ReturnType<Ledger["standing"]>>;

/** To be called with each commit. @param before the rows as they are now: what they say already is no news */
export function noteCommits(
  { note }: Pick<Journal<ServerEvents>, "note">,
  before: Rows,
): (committed: Committed) => void {
  const polls = new Map<string, PollRow["state"]>();
  const revoked = new Map<string, boolean>();
  const branches = new Map<string, Standing>();
  let destroyed = before.keyDestroyed !== null;
  for (const { id, state } of before.polls.values()) polls.set(id, state);
  for (const row of before.stations.values()) revoked.set(row.station, row.revoked !== null);
  for (const { log, standing } of before.branches.values()) branches.set(log, standing);

  const notePoll = (row: PollRow) => {
    // Most commits are votes: the poll has not moved.
    if (polls.get(row.id) === row.state) return;
    polls.set(row.id, row.state);
    notePollState(note, row);
  };
  return (committed) => {
    for (const row of committed.polls) notePoll(row);
    for (const { station, revoked: at } of committed.stations) {
      const known = revoked.get(station);
      if (known === undefined) note("station.admitted", { station });
      if (known !== true && at !== null) note("station.revoked", { station });
      revoked.set(station, at !== null);
    }
    for (const { log, station, standing } of committed.branches) {
      if (branches.get(log) === standing) continue;
      branches.set(log, standing);
      if (standing === "aside") note("branch.aside", { station, log });
      else note("branch.judged", { station, log, standing });
    }
    if (committed.keyDestroyed !== null && !destroyed) {
      destroyed = true;
      note("event-key.destroyed");
    }
  };
}

function notePollState(note: Journal<ServerEvents>["note"], { id: poll, state, barrier }: PollRow): void {
  switch (state) {
    case "draft":
      return undefined;
    case "open":
      return note("poll.opened", { poll });
    case "paused":
      return note("poll.paused", { poll });
    case "closed":
      return note("poll.closed", { poll });
    case "certified":
      return note("certify.certified", {
        poll,
        missing: barrier?.missing.length ?? 0,
        why: barrier?.why ?? "restored",
      });
  }
}
