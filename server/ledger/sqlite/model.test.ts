/** The event of chance of `shared/domain/model`, over the tables that the server uses. */
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { playRounds } from "../../../shared/domain/model/play.testing.ts";
import { sha256 } from "../sha256.ts";
import { emptyProjection } from "./open-database.ts";
import { createSqliteProjection } from "./sqlite-projection.ts";

/** In memory: what is asked here is not whether it lasts. */
function createProjection() {
  const database = new DatabaseSync(":memory:");
  emptyProjection(database);
  return createSqliteProjection(database);
}

test("whatever happens at an event, in 150 of chance, the tables come to what the naive recount does", () => {
  expect(playRounds(sha256, 150, process.env["MODEL_SEED"], createProjection)).toBeGreaterThan(0);
}, 120_000);
