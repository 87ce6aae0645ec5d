/**
 * A whole poll judged and counted at once, in SQL: a roll adopted over a million ballots moves each of them, and ballot by
 * ballot that took 36 s, in which the ledger answers nobody. The terms are those of `judgeBallot`, said once more; the
 * model and the contract hold both to the same.
 */
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { Terms } from "../../../shared/domain/terms.ts";
import { numberField, numberOrNull } from "./stored-fields.ts";

/** A log of which not everything counts: its id, and the last number that does. */
export type TakenUpTo = readonly [log: string, number: number];

export interface BallotJudge {
  /** As `Projection.judgeAll`; @param limits the logs that are not taken whole */
  judgeAll(poll: Uint8Array, terms: Terms, limits: readonly TakenUpTo[]): number | null;
}

/** Each ballot that the terms change, under its old key and with what it becomes; in the order of the old key. */
const JUDGED = `
  CREATE TEMP TABLE judged AS
  WITH
    windows (from_ms, to_ms) AS MATERIALIZED (SELECT value ->> 0, value ->> 1 FROM json_each(:windows)),
    limits (log, up_to) AS MATERIALIZED (SELECT unhex(value ->> 0), value ->> 1 FROM json_each(:limits)),
    found AS (
      SELECT b.*, coalesce(b.tag, b.voter) AS tag_key, roll.voter AS on_roll, coalesce(roll.weight, 1) AS new_weight,
        b.option <= :options
        AND EXISTS (SELECT 1 FROM windows WHERE from_ms <= b.at_ms AND (to_ms IS NULL OR b.at_ms < to_ms))
        AND (roll.tag IS NOT NULL OR NOT :roll_only)
        AND (:everybody OR coalesce(roll.grp IN (SELECT value FROM json_each(:groups)), 0))
        AND b.number <= coalesce(limits.up_to, b.number) AS new_eligible
      FROM ballots b
      LEFT JOIN roll ON roll.tag = coalesce(b.tag, b.voter)
      LEFT JOIN limits ON limits.log = b.log
      WHERE b.poll = :poll
    )
  SELECT voter AS old_voter, eligible AS old_eligible,
    iif(on_roll IS NULL, tag_key, unhex(format('%08x', on_roll))) AS voter, new_eligible AS eligible, synced, at_ms, log,
    number, option, iif(on_roll IS NULL, NULL, tag_key) AS tag, new_weight AS weight, late
  FROM found
  WHERE new_eligible <> eligible OR new_weight <> weight
    OR voter <> iif(on_roll IS NULL, tag_key, unhex(format('%08x', on_roll)))`;

const KEY = "voter, eligible, synced, at_ms, log, number";

export function createBallotJudge(database: DatabaseSync): BallotJudge {
  // Prepared when asked for: the table that they speak of is there only then.
  const run = (sql: string, poll: Uint8Array) => void database.prepare(sql).run(poll);
  return {
    judgeAll(poll, terms, limits) {
      // Left over only by a transaction that failed half way.
      database.exec("DROP TABLE IF EXISTS temp.judged");
      database.prepare(JUDGED).run({ poll, limits: JSON.stringify(limits), ...fieldsOf(terms) });
      const row = database.prepare("SELECT count(*) AS changed, max(at_ms) AS latest FROM judged").get() ?? {};
      const all = database.prepare("SELECT count(*) AS ballots FROM ballots WHERE poll = ?").get(poll) ?? {};
      const everything = numberField(row, "changed") === numberField(all, "ballots");
      const theOld = `(${KEY}) IN (SELECT old_voter, old_eligible, synced, at_ms, log, number FROM judged)`;
      run(`DELETE FROM ballots WHERE poll = ? ${everything ? "" : `AND ${theOld}`}`, poll);
      run(
        `INSERT INTO ballots (poll, ${KEY}, option, tag, weight, late)
         SELECT ?, ${KEY}, option, tag, weight, late FROM judged ORDER BY ${KEY}`,
        poll,
      );
      database.exec("DROP TABLE temp.judged");
      return numberOrNull(row, "latest");
    },
  };
}

function fieldsOf({ options, windows, rollOnly, groups }: Terms): Record<string, SQLInputValue> {
  return {
    options,
    windows: JSON.stringify(windows.map(({ fromMs, toMs }) => [fromMs, toMs])),
    roll_only: +rollOnly,
    everybody: +(groups.length === 0),
    groups: JSON.stringify(groups),
  };
}
