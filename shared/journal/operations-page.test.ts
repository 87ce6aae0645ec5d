import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Catalogue } from "./event.ts";
import { LINES_PER_WINDOW } from "./flow.ts";
import { DISK_FAULTS } from "./fields.ts";
import { SERVER_EVENTS } from "./server-events.ts";
import { STATION_EVENTS } from "./station-events.ts";

const page = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");

/** Cells of the table's rows, but the one that says which program's it is. */
function rowsOf(catalogue: Catalogue): string[] {
  return Object.entries(catalogue).map(([name, { level, meaning, remedy, fields }]) => {
    const named = Object.keys(fields).map((field) => `\`${field}\``);
    return [`\`${name}\``, level, named.join(" ") || "–", meaning, remedy ?? "–"].join(" | ");
  });
}

test("the operator's page lists every event as the catalogues have it, and no others", () => {
  const listed = (...programs: string[]) =>
    Array.from(page.matchAll(/^\| (`[a-z-]+\.[a-z-]+`) \| (\w+) \| (.*) \|$/gm))
      .filter(([, , of = ""]) => programs.includes(of))
      .map(([, name, , rest]) => `${name} | ${rest}`);
  expect(listed("server", "both").toSorted()).toEqual(rowsOf(SERVER_EVENTS).toSorted());
  expect(listed("station", "both").toSorted()).toEqual(rowsOf(STATION_EVENTS).toSorted());
});

test("the page's figures are the programs'", () => {
  expect(page).toContain(`more than ${LINES_PER_WINDOW} times within a minute is written ${LINES_PER_WINDOW} times`);
  for (const fault of DISK_FAULTS) expect(page).toContain(`\`${fault}\``);
});
