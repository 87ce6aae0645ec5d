/** What a test's process must clear away, however it ends. */

const TERMINATED = 128 + 15;

// Vitest ends its workers by SIGTERM, which by itself would end them without "exit".
process.once("SIGTERM", () => process.exit(TERMINATED));

/** Run when this process ends; nothing asynchronous is waited for. */
export function atEnd(run: () => void): void {
  process.once("exit", run);
}
