/**
 * `npm run package`: the installable program for this system, into dist/packages; `-- --dir` only the folder that would be
 * installed. It fetches Electron and, at the first time, electron-builder's own tools; nothing is published.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "electron-builder";
import { PROJECT } from "./dev-tool.ts";
import { requireNode } from "./node-version.ts";
import { PACKAGING, STAGED } from "./packaging.ts";
import { buildPages } from "./pages.ts";
import { buildShell, SHELL } from "./shell.ts";
import { stageApp } from "./staged-app.ts";

requireNode();
const { values } = parseArgs({ options: { dir: { type: "boolean", default: false } } });

const complaint = await buildPages();
if (complaint !== undefined) throw new Error(complaint);
await buildShell();
stageApp(STAGED, { shell: SHELL, pages: join(PROJECT, "dist", "pages") });
const written = await build({ projectDir: PROJECT, config: PACKAGING, publish: "never", dir: values.dir });
rmSync(STAGED, { recursive: true, force: true });
for (const file of written) console.log(file);
