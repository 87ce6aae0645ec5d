/** What shows the kiosk: Electron if its binary is there or can be fetched, else the headless host with a Chromium. */
import { join, resolve } from "node:path";
import { runNode } from "./bounded-child.ts";
import { PROJECT } from "./dev-tool.ts";
import { electronBinary } from "./electron-binary.ts";

export interface KioskHost {
  command: string;
  args: string[];
  /** Why it is not the first choice, for people. */
  note?: string;
}

/** About 120 MB; who cannot have it is told at once by most networks. */
const FETCH_MS = 180_000;
const BUILD_MS = 60_000;

/** @param headless no window is wanted, so no Electron either */
export async function chooseHost(headless: boolean): Promise<KioskHost> {
  const plain = { command: process.execPath, args: [resolve(PROJECT, "electron/headless.ts")] };
  if (headless || !hasScreen()) return plain;
  const binary = electronBinary(PROJECT) ?? (await fetchElectron());
  if (binary === undefined) return { ...plain, note: "Electron cannot be had here; the kiosk opens in Chromium." };
  const built = await runNode(join(PROJECT, "build", "shell.ts"), [], { timeoutMs: BUILD_MS, output: "keep" });
  if (built.code === 0) return { command: binary, args: [PROJECT] };
  return { ...plain, note: `The Electron shell could not be built; the kiosk opens in Chromium.\n${built.output}` };
}

function hasScreen(): boolean {
  return process.platform !== "linux" || Boolean(process.env["DISPLAY"] ?? process.env["WAYLAND_DISPLAY"]);
}

async function fetchElectron(): Promise<string | undefined> {
  console.log("Fetching Electron (once, about 120 MB) …");
  const script = join(PROJECT, "node_modules", "electron", "install.js");
  await runNode(script, [], { timeoutMs: FETCH_MS, output: "keep" });
  return electronBinary(PROJECT);
}
