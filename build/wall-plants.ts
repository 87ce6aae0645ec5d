/** The walls: one bad import for each, what has to catch it, and the doors that have to stay open. */
import type { Plant } from "./plant.ts";

/** A module that is planted in every room, so that imports resolve whatever the rooms contain. */
export const TARGET = "planted-wall-target.ts";
const ROOMS = ["electron", "server", "renderer"] as const;
const WORKSHOP = ["e2e", "bench", "build"] as const;

const imports = (specifier: string): string => `export * from "${specifier}";\n`;
const inRoom = (room: string): string => imports(`../${room}/${TARGET}`);

const between: Plant[] = ROOMS.flatMap((from) =>
  ROOMS.filter((to) => to !== from).map((to) => ({
    wall: `${from} → ${to}`,
    folder: from,
    source: inRoom(to),
    caughtBy: ["lint", "types"] as const,
  })),
);

const disguised: Plant[] = [
  {
    wall: "electron → server, by import() while running",
    folder: "electron",
    source: `export const late = import("../server/${TARGET}");\n`,
    caughtBy: ["lint", "types"],
  },
  {
    wall: "server → renderer, only for a type",
    folder: "server",
    source: `export type { Planted } from "../renderer/${TARGET}";\n`,
    caughtBy: ["lint", "types"],
  },
  {
    wall: "electron → server, from a deeper folder",
    folder: "electron/planted-wall-folder",
    source: imports(`../../server/${TARGET}`),
    caughtBy: ["lint", "types"],
  },
  {
    wall: "server → electron, from a test",
    folder: "server",
    suffix: ".test.ts",
    source: inRoom("electron"),
    caughtBy: ["lint", "types"],
  },
];

const workshop: Plant[] = [...ROOMS, "shared"].flatMap((from) =>
  WORKSHOP.map((to) => ({ wall: `${from} → ${to}`, folder: from, source: inRoom(to), caughtBy: ["lint", "types"] })),
);

const shared: Plant[] = [
  ...ROOMS.map((to) => ({
    wall: `shared → ${to}`,
    folder: "shared",
    source: inRoom(to),
    caughtBy: ["lint", "types"] as const,
  })),
  { wall: "shared → node:fs", folder: "shared", source: imports("node:fs"), caughtBy: ["lint", "types"] },
  { wall: "shared → fastify (a foreign package)", folder: "shared", source: imports("fastify"), caughtBy: ["lint"] },
  { wall: "shared → vitest outside a test", folder: "shared", source: imports("vitest"), caughtBy: ["lint"] },
  {
    wall: "shared test → fastify",
    folder: "shared",
    suffix: ".test.ts",
    source: imports("fastify"),
    caughtBy: ["lint"],
  },
  { wall: "shared uses the DOM", folder: "shared", source: "export const it = document;\n", caughtBy: ["types"] },
  { wall: "shared uses Node", folder: "shared", source: "export const it = process;\n", caughtBy: ["types"] },
];

const packages: Plant[] = [
  ...["electron", "server", "renderer"].map((folder) => ({
    wall: `Electron outside electron/shell, in ${folder}`,
    folder,
    source: imports("electron"),
    caughtBy: ["lint"] as const,
  })),
  { wall: "renderer → node:fs", folder: "renderer", source: imports("node:fs"), caughtBy: ["lint"] },
  ...ROOMS.map((folder) => ({
    wall: `test library outside a test, in ${folder}`,
    folder,
    source: imports("fast-check"),
    caughtBy: ["lint"] as const,
  })),
];

const doors: Plant[] = [
  ...ROOMS.map((from) => ({ wall: `${from} may import shared`, folder: from, source: inRoom("shared"), caughtBy: [] })),
  { wall: "electron/shell may import Electron", folder: "electron/shell", source: imports("electron"), caughtBy: [] },
  { wall: "shared may import valibot", folder: "shared", source: imports("valibot"), caughtBy: [] },
  { wall: "shared may import cborg", folder: "shared", source: imports("cborg"), caughtBy: [] },
  {
    wall: "a test in shared may use Node",
    folder: "shared",
    suffix: ".test.ts",
    source: imports("node:fs"),
    caughtBy: [],
  },
];

export const WALL_PLANTS: readonly Plant[] = [...between, ...disguised, ...workshop, ...shared, ...packages, ...doors];
