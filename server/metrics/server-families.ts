/** Every metric of the server, with where its numbers are read. docs/operations.md lists them; a test compares. */
import type { PollState } from "../../shared/domain/poll.ts";
import { counter, countsBy, gauge, gaugesBy, type Family } from "../../shared/metrics/family.ts";
import type { ServerCounts } from "./server-counts.ts";

export interface ServerFigures {
  uptimeS: number;
  cursor: number;
  polls: Record<PollState, number>;
  stations: Record<"admitted" | "revoked", number>;
  links: Record<"admitted" | "waiting", number>;
  /** 1: ok, 0: not. */
  ledgerUp: number;
  fileBytes: Record<string, number>;
  /** Null where the file system does not say. */
  freeBytes: number | null;
  journalLost: number;
}

/** @param figures as they are now; asked for by each family, so it should be cheap */
export function serverFamilies(counts: ServerCounts, figures: () => ServerFigures): Family[] {
  const name = (rest: string) => `polling_station_server_${rest}`;
  const { link } = counts;
  return [
    gauge(name("uptime_seconds"), "How long this process has been running.", () => figures().uptimeS),
    gauge(name("ledger_up"), "1 while the ledger stores, else 0.", () => figures().ledgerUp),
    gauge(name("ledger_cursor"), "Position of the ledger's last entry.", () => figures().cursor),
    counter(name("ledger_commits_total"), "Commits of the ledger, each of one entry or more.", () => counts.commits),
    countsBy(
      name("ledger_appends_total"),
      "Entries put to the ledger, by what came of them.",
      "result",
      () => counts.appends,
    ),
    {
      type: "histogram",
      name: name("ledger_append_seconds"),
      help: "From putting an entry to the ledger to its being durable and folded: what an ack waits for.",
      spread: counts.appendSeconds,
    },
    countsBy(name("ballots_total"), "Ballots folded, by verdict.", "verdict", () => counts.verdicts),
    countsBy(
      name("batches_total"),
      "Batches of stations, by whether they brought anything.",
      "result",
      () => counts.batches,
    ),
    gaugesBy(name("polls"), "Polls, by state.", "state", () => figures().polls),
    gaugesBy(name("stations"), "Stations of the event, by state.", "state", () => figures().stations),
    gaugesBy(name("links"), "Links that are up, by state.", "state", () => figures().links),
    counter(name("links_admitted_total"), "Links on which a station was let in.", () => link.admitted),
    countsBy(name("links_closed_total"), "Links that ended, by reason.", "why", () => link.closed),
    counter(name("link_received_frames_total"), "Frames heard from stations.", () => link.framesIn),
    counter(name("link_received_bytes_total"), "Bytes of those frames.", () => link.bytesIn),
    counter(
      name("link_writes_total"),
      "Writes to stations; one holds all that leaves in a turn.",
      () => link.writesOut,
    ),
    counter(name("link_sent_bytes_total"), "Bytes written to stations.", () => link.bytesOut),
    gauge(name("tally_receivers"), "Screens that follow a tally by server-sent events.", () => counts.receivers),
    {
      type: "counter",
      name: name("http_replies_total"),
      help: "HTTP replies, by route and status.",
      labels: ["route", "status"],
      read: () =>
        Array.from(counts.replies.values(), ({ route, status, count }) => {
          return { labels: { route, status: String(status) }, value: count };
        }),
    },
    countsBy(name("log_ins_total"), "Attempts to log in, by result.", "result", () => counts.logIns),
    gaugesBy(name("file_bytes"), "Size of the server's files.", "file", () => figures().fileBytes),
    {
      type: "gauge",
      name: name("disk_free_bytes"),
      help: "Free where the data lies; absent where the file system does not say.",
      labels: [],
      read: () => {
        const { freeBytes } = figures();
        return freeBytes === null ? [] : [{ labels: {}, value: freeBytes }];
      },
    },
    counter(
      name("journal_lost_lines_total"),
      "Lines of the journal that could not be written.",
      () => figures().journalLost,
    ),
  ];
}
