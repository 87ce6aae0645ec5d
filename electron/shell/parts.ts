/** Chromium's other processes: graphics, network, sound. It starts them anew by itself; what was drawn is drawn again. */
import { createSeldom } from "./seldom.ts";

/** The part of Electron's App that tells of them. */
export interface PartedApp {
  on(
    event: "child-process-gone",
    listener: (event: unknown, details: { type: string; reason: string; serviceName?: string }) => void,
  ): unknown;
}

interface Ends {
  /** Draw the whole window again. */
  repaint(): void;
  say(line: string): void;
  monotonicMs(): number;
}

export function watchParts(app: PartedApp, { repaint, say, monotonicMs }: Ends): void {
  const seldom = createSeldom(say, monotonicMs);
  app.on("child-process-gone", (_event, { type, reason, serviceName }) => {
    if (reason === "clean-exit") return;
    seldom(`Chromium's process for ${serviceName ?? type} is gone (${reason}); it starts anew.`);
    // What it held is lost; the page itself knows nothing of it, so nobody else would ask for a drawing.
    if (type === "GPU") repaint();
  });
}
