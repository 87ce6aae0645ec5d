import { configDefaults, defineConfig } from "vitest/config";

// `npm run test:long` sets it; the usual run leaves the long files out.
const long = process.env["POLLING_STATION_LONG"] === "1";

export default defineConfig({
  test: {
    environment: "node",
    include: ["{shared,server,electron,build,bench,e2e}/**/*.test.ts", "renderer/**/*.test.{ts,tsx}"],
    exclude: [...configDefaults.exclude, ...(long ? [] : ["**/*.long.test.ts"])],
    // A process for each file: serial ports and SQLite are native, and a crash there must name its file.
    pool: "forks",
    maxWorkers: 2,
    // They end what hangs, and what starts several programs on a busy machine does not: the waits in a test are shorter.
    testTimeout: long ? 600_000 : 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    allowOnly: false,
    // Tests read style sheets as text (`?raw`); without this they would read nothing.
    css: true,
  },
});
