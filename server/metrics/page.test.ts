import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createMetricsPage } from "./page.ts";
import { createServerCounts } from "./server-counts.ts";
import { serverFamilies, type ServerFigures } from "./server-families.ts";

const FIGURES: ServerFigures = {
  uptimeS: 5,
  cursor: 7,
  polls: { draft: 0, open: 1, paused: 0, closed: 0, certified: 0 },
  stations: { admitted: 3, revoked: 0 },
  links: { admitted: 2, waiting: 1 },
  ledgerUp: 1,
  fileBytes: { ledger: 4096 },
  freeBytes: null,
  journalLost: 0,
};

test("the operator's page lists every metric of the server as it is, and no others", () => {
  const page = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
  const listed = Array.from(page.matchAll(/^\| (`polling_station_server_.*) \|$/gm), ([, row]) => row);
  const rows = serverFamilies(createServerCounts(), () => FIGURES).map((family) => {
    const labels = family.type === "histogram" ? [] : family.labels.map((label) => `\`${label}\``);
    return [`\`${family.name}\``, family.type, labels.join(" ") || "–", family.help].join(" | ");
  });
  expect(listed).toEqual(rows);
});

test("what was counted is read when the page is made, and stays when it is made again", async () => {
  const counts = createServerCounts();
  const page = createMetricsPage(serverFamilies(counts, () => FIGURES));
  counts.onAppended({ ok: false, why: "not-stored", reason: "full" }, 0.003);
  counts.verdicts.changed += 2;
  const first = await page.read();
  counts.verdicts.changed++;
  const second = await page.read();
  expect(first.type).toBe("text/plain; version=0.0.4; charset=utf-8");
  expect(first.text).toContain('polling_station_server_ballots_total{verdict="changed"} 2\n');
  expect(second.text).toContain('polling_station_server_ballots_total{verdict="changed"} 3\n');
  for (const { text } of [first, second]) {
    expect(text).toContain('polling_station_server_ledger_appends_total{result="not-stored"} 1\n');
    expect(text).toContain('polling_station_server_ledger_append_seconds_bucket{le="0.0025"} 0\n');
    expect(text).toContain('polling_station_server_ledger_append_seconds_bucket{le="0.005"} 1\n');
    expect(text).toContain("polling_station_server_ledger_append_seconds_count 1");
    expect(text).not.toContain("disk_free_bytes{");
    expect(text).toContain("process_resident_memory_bytes ");
  }
});
