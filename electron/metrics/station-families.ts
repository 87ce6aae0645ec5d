/** Every metric of the station, with where its numbers are read. docs/operations.md lists them; a test compares. */
import type { ScreenLink } from "../../shared/events/stream.ts";
import { counter, countsBy, gauge, gaugesBy, type Family } from "../../shared/metrics/family.ts";
import type { StationCounts } from "./station-counts.ts";

export interface StationFigures {
  uptimeS: number;
  /** 1: the disk takes votes, 0: not. */
  diskUp: number;
  waiting: number;
  link: ScreenLink["state"];
  readers: Record<"present" | "lost", number>;
  lookers: number;
  fileBytes: Record<string, number>;
  /** Null where the file system does not say. */
  freeBytes: number | null;
  journalLost: number;
}

const LINK_STATES = ["connecting", "enrolling", "online", "offline", "refused", "revoked"] as const;

/** @param figures as they are now; asked for by each family, so it should be cheap */
export function stationFamilies(counts: StationCounts, figures: () => StationFigures): Family[] {
  const name = (rest: string) => `polling_station_station_${rest}`;
  return [
    gauge(name("uptime_seconds"), "How long the station has been running.", () => figures().uptimeS),
    gauge(name("disk_up"), "1 while the disk takes votes, else 0.", () => figures().diskUp),
    countsBy(
      name("outcomes_total"),
      "Outcomes shown to voters, by kind; a tap that is stored and then counted is shown twice.",
      "outcome",
      () => counts.outcomes,
    ),
    {
      type: "histogram",
      name: name("log_append_seconds"),
      help: "From giving records to the log to their being on the disk: what a voter waits for.",
      spread: counts.appendSeconds,
    },
    gauge(
      name("waiting_ballots"),
      "Ballots on this disk that the server has not acknowledged.",
      () => figures().waiting,
    ),
    {
      type: "gauge",
      name: name("link_state"),
      help: "1 for the state the link is in, 0 for the others.",
      labels: ["state"],
      read: () => LINK_STATES.map((state) => ({ labels: { state }, value: figures().link === state ? 1 : 0 })),
    },
    counter(name("link_ups_total"), "Times the link came up.", () => counts.linkUps),
    counter(name("link_downs_total"), "Times the link ended or could not be had.", () => counts.linkDowns),
    gaugesBy(name("readers"), "Readers, by state.", "state", () => figures().readers),
    gauge(name("screen_lookers"), "Screens that follow this station.", () => figures().lookers),
    gaugesBy(name("file_bytes"), "Size of the station's files.", "file", () => figures().fileBytes),
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
