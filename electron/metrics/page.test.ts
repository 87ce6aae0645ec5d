import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createMetricsPage } from "./page.ts";
import { createStationCounts } from "./station-counts.ts";
import { stationFamilies, type StationFigures } from "./station-families.ts";

const FIGURES: StationFigures = {
  uptimeS: 5,
  diskUp: 1,
  waiting: 3,
  link: "offline",
  readers: { present: 2, lost: 1 },
  lookers: 1,
  fileBytes: { log: 4096 },
  freeBytes: 1_000,
  journalLost: 0,
};

test("the operator's page lists every metric of the station as it is, and no others", () => {
  const page = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
  const listed = Array.from(page.matchAll(/^\| (`polling_station_station_.*) \|$/gm), ([, row]) => row);
  const rows = stationFamilies(createStationCounts(), () => FIGURES).map((family) => {
    const labels = family.type === "histogram" ? [] : family.labels.map((label) => `\`${label}\``);
    return [`\`${family.name}\``, family.type, labels.join(" ") || "–", family.help].join(" | ");
  });
  expect(listed).toEqual(rows);
});

test("the page tells the state of link, disk and readers, and the taps by outcome", async () => {
  const counts = createStationCounts();
  counts.outcomes.stored += 2;
  counts.appendSeconds.note(0.004);
  const { text } = await createMetricsPage(stationFamilies(counts, () => FIGURES)).read();
  expect(text).toContain('polling_station_station_outcomes_total{outcome="stored"} 2\n');
  expect(text).toContain('polling_station_station_link_state{state="offline"} 1\n');
  expect(text).toContain('polling_station_station_link_state{state="online"} 0\n');
  expect(text).toContain('polling_station_station_readers{state="lost"} 1\n');
  expect(text).toContain("polling_station_station_waiting_ballots 3\n");
  expect(text).toContain('polling_station_station_log_append_seconds_bucket{le="0.005"} 1\n');
});
