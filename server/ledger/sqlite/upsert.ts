/** The statement that writes a row of the projection, whether it is new or was there. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { textField } from "./stored-fields.ts";

/**
 * Prepared with a named parameter for each column, as the schema has them. The first time a row is written it gets its
 * `place`, and keeps it.
 */
export function prepareUpsert(
  database: DatabaseSync,
  table: "polls" | "stations" | "logs",
  key: string,
): StatementSync {
  const names = database.prepare("SELECT name FROM pragma_table_info(?) WHERE name <> 'place'").all(table);
  const columns = names.map((row) => textField(row, "name"));
  const values = columns.map((column) => `:${column}`).join(", ");
  const replaced = columns.map((column) => `${column} = excluded.${column}`).join(", ");
  return database.prepare(
    `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${values}) ON CONFLICT (${key}) DO UPDATE SET ${replaced}`,
  );
}
