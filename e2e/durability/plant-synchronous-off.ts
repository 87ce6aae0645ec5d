/**
 * Preloaded into a program (`--import`), it makes SQLite answer a commit before the disk has it. A check of durability
 * that passes all the same checks nothing.
 */
import { DatabaseSync } from "node:sqlite";

const { exec } = DatabaseSync.prototype;
DatabaseSync.prototype.exec = function (sql) {
  return exec.call(this, sql.replace(/synchronous\s*=\s*FULL/giu, "synchronous = OFF"));
};
