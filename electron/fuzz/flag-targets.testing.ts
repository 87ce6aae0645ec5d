/** The station's command lines, fuzzed. For tests only. */
import type { Random } from "../../shared/domain/model/random.testing.ts";
import { must, type Target } from "../../shared/fuzz/fuzz.testing.ts";
import { mutateText } from "../../shared/fuzz/mutate-text.testing.ts";
import { mutateTree } from "../../shared/fuzz/mutate-tree.testing.ts";
import { parseStationFlags, type StationFlags } from "../host/station-flags.ts";
import { readShellFlags } from "../shell/arguments.ts";
import { mustBeServer } from "./network-targets.testing.ts";
import { mustBeLine } from "./reader-targets.testing.ts";

const LINES: readonly (readonly string[])[] = [
  [],
  ["--server", "https://votes.example:7070", "--data", "./data/station", "--port", "7071"],
  ["--server=http://127.0.0.1:7070", "--headless", "--demo", "--port=0"],
  ["--server", "http://[::1]:7070/path?x#y", "--reader", "serial:/dev/ttyUSB0?protocol=rdm6300&slot=1"],
  [
    "--server",
    "https://user:word@host:1",
    "--reader",
    "serial:COM3?protocol=id12",
    "--reader=serial:COM4?protocol=grove",
  ],
  ["--no-sandbox", "--lang=de", "--data", "x"],
];

export function flagTargets(): Target[] {
  return [stationTarget(), shellTarget()];
}

function stationTarget(): Target {
  return {
    name: "the station's flags",
    outcomes: ["read", "refused"],
    next(random) {
      const args = mutateLine(random);
      return {
        shown: () => JSON.stringify(args),
        attempt() {
          const parsed = parseStationFlags(args);
          return parsed.ok ? judged(parsed.flags) : mustBeLine(parsed.why);
        },
      };
    },
  };
}

function shellTarget(): Target {
  return {
    name: "the shell's arguments",
    outcomes: ["read", "refused"],
    next(random) {
      const args = mutateLine(random);
      const packaged = random.oneIn(2);
      const argv = ["electron", ...(packaged ? [] : ["--no-sandbox", "main.js"]), ...args];
      return {
        shown: () => JSON.stringify({ argv, packaged }),
        attempt() {
          const parsed = readShellFlags({ argv, packaged, userData: "/home/kiosk/.config/station" });
          if (!parsed.ok) return mustBeLine(parsed.why.split("\nusage: ", 1)[0] ?? "");
          must(
            !parsed.flags.headless && parsed.flags.directory.startsWith("/"),
            "Electron has a window and a full path",
          );
          return judged(parsed.flags);
        },
      };
    },
  };
}

function judged({ server, port, directory, readers }: StationFlags): "read" {
  if (server !== null) mustBeServer(server);
  must(Number.isInteger(port) && port >= 0 && port <= 65_535, "a port is one");
  must(directory !== "", "there is a directory");
  must(new Set(readers.map(({ id }) => id)).size === readers.length, "no port is opened twice");
  return "read";
}

/** A command line with a word or two damaged, dropped or put elsewhere. What a system hands over never has a NUL in it. */
function mutateLine(random: Random): string[] {
  const line = random.pick(LINES) ?? [];
  const changed = mutateTree(
    random,
    [...line],
    LINES.map((other) => [...other]),
  );
  const words = Array.isArray(changed) ? changed.filter((word) => typeof word === "string") : [...line];
  const damaged = random.oneIn(2) ? words.map((word) => (random.oneIn(3) ? mutateText(random, [word]) : word)) : words;
  return damaged.map((word) => word.replaceAll("\0", ""));
}
