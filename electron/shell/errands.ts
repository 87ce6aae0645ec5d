/** What the program does instead of running a station: tell its version, start with the session or not. */
import { homedir } from "node:os";
import type { Errand } from "./arguments.ts";
import { planAutostart, type AutostartPlan } from "./autostart.ts";
import { writeAutostartFile } from "./autostart-file.ts";

/** The part of Electron's App that is needed; main.ts passes the real one, which proves that it fits. */
export interface ErrandApp {
  isPackaged: boolean;
  setLoginItemSettings(settings: Extract<AutostartPlan, { kind: "login-item" }>["settings"]): void;
}

/** The exit code, and a line for people. */
interface Done {
  code: 0 | 1 | 2;
  line: string;
}

export function setAutostart(app: ErrandApp, { on, args }: Extract<Errand, { kind: "autostart" }>): Done {
  if (!app.isPackaged) return { code: 2, line: "--autostart: only the installed program can start with the session" };
  const { platform, execPath, env } = process;
  const plan = planAutostart({ on, platform, execPath, args, home: homedir(), environment: env });
  const done = `The kiosk ${on ? "starts" : "no longer starts"} when this user logs in`;
  switch (plan.kind) {
    case "refused":
      return { code: 2, line: plan.why };
    case "login-item":
      app.setLoginItemSettings(plan.settings);
      return { code: 0, line: `${done}.` };
    case "file":
      try {
        writeAutostartFile(plan.path, plan.text);
      } catch (error) {
        const cause = error instanceof Error ? error.message : String(error);
        return {
          code: 1,
          line: `${plan.path} could not be written (${cause}). Make its folder writable for this user.`,
        };
      }
      return { code: 0, line: `${done} (${plan.path}).` };
  }
}
