/** The scenarios of docs/scale.md, one after another: facts for the terminal, series and pictures into a folder. */
import { mkdirSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { figure } from "../table.ts";
import { drawPlot } from "./plot.ts";
import { playDeaf } from "./scenarios/deaf.ts";
import { playFlood } from "./scenarios/flood.ts";
import { playIdle } from "./scenarios/idle.ts";
import { playReconnect, playReconnectAll } from "./scenarios/reconnect.ts";
import type { Played } from "./scenarios/scene.ts";
import { playVoting, playVotingSlowly } from "./scenarios/voting.ts";

/** Each asked for by its name, or all of them by "scale"; minutes, so that a bench without names leaves them out. */
const SCENARIOS: Readonly<Record<string, () => Promise<Played>>> = {
  "scale.idle": () => playIdle(),
  "scale.voting": () => playVoting(),
  "scale.votingSlowly": () => playVotingSlowly(),
  "scale.reconnect": () => playReconnect(),
  "scale.reconnectAll": () => playReconnectAll(),
  "scale.flood": () => playFlood(),
  "scale.deaf": () => playDeaf(),
};

export const SCALE_NAMES: readonly string[] = ["scale", ...Object.keys(SCENARIOS)];

/** Twice what all of them take. */
export const SCALE_LIMIT_MS = 1_500_000;

/** @param asked some of `SCALE_NAMES` @param folder for `scale-*.svg` and `scale-*.json`; undefined to write none */
export async function playScale(asked: readonly string[], folder: string | undefined): Promise<boolean> {
  let well = true;
  for (const [name, play] of Object.entries(SCENARIOS)) {
    if (!asked.includes("scale") && !asked.includes(name)) continue;
    console.error(`${name} …`);
    const loadBefore = load();
    try {
      const played = await play();
      console.log(`${name}: ${played.title} (load average before ${loadBefore}, after ${load()})`);
      for (const fact of played.facts) console.log(`  ${fact}`);
      if (folder !== undefined) write(folder, played);
    } catch (error) {
      // The others are still worth having.
      well = false;
      console.error(error);
      console.log(`${name}: failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return well;
}

const load = () => loadavg().map(figure).join(" ");

function write(folder: string, { name, title, facts, recording, panels }: Played): void {
  mkdirSync(folder, { recursive: true });
  const { moments, notes } = recording;
  writeFileSync(join(folder, `${name}.svg`), drawPlot({ title, panels, marks: notes }));
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify({ title, facts, notes, moments })}\n`);
}
