/** Tries a door of the shell, as a page, a person or the system would, and tells what came of it. */
import * as v from "valibot";
import { app, contents, doors, session, tell } from "./electron.ts";

const Ask = v.variant("ask", [
  v.object({ ask: v.picklist(["navigate", "redirect", "webview"]), url: v.string() }),
  v.object({ ask: v.picklist(["open", "permission", "check", "device", "download", "certificate"]) }),
  v.object({ ask: v.picklist(["crash", "second-instance", "quit"]) }),
]);
export type Ask = v.InferOutput<typeof Ask>;

export function answer(message: unknown): void {
  const asked = v.parse(Ask, message);
  switch (asked.ask) {
    case "navigate":
      return told(asked.ask, !held((event) => contents.emit("will-navigate", { ...event, url: asked.url })));
    case "redirect":
      return told(asked.ask, !held((event) => contents.emit("will-redirect", { ...event, url: asked.url })));
    case "webview":
      return told(asked.ask, !held((event) => contents.emit("will-attach-webview", event)));
    case "download":
      return told(asked.ask, !held((event) => session.defaultSession.emit("will-download", event)));
    case "open":
      return told(asked.ask, doors.open?.().action !== "deny");
    case "permission":
      if (doors.request === undefined) return told(asked.ask, true);
      return doors.request({}, "media", (granted) => told(asked.ask, granted));
    case "check":
      return told(asked.ask, doors.check?.() ?? true);
    case "device":
      return told(asked.ask, doors.device?.() ?? true);
    case "certificate": {
      let trusted = false;
      const trust = (answered: boolean) => (trusted = answered);
      const prevented = held((event) => app.emit("certificate-error", event, {}, "https://x", "ERR", {}, trust));
      return told(asked.ask, trusted || !prevented);
    }
    case "crash":
      return void contents.emit("render-process-gone", {}, { reason: "crashed", exitCode: 1 });
    case "second-instance":
      return void app.emit("second-instance");
    case "quit":
      return app.quit();
  }
}

const told = (ask: string, allowed: boolean) => tell({ kind: "answer", ask, allowed });

function held(emit: (event: { preventDefault(): void }) => void): boolean {
  let prevented = false;
  emit({ preventDefault: () => (prevented = true) });
  return prevented;
}
