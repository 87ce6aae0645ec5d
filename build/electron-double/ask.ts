/** Tries a door of the shell, as a page, a person or the system would, and tells what came of it. */
import * as v from "valibot";
import { HOST_CHANNEL } from "../../shared/host/messages.ts";
import { app, BrowserWindow, contents, doors, ipcMain, powerMonitor, session, shown } from "./electron.ts";
import { tell } from "./tell.ts";

const Ask = v.variant("ask", [
  v.object({ ask: v.picklist(["navigate", "redirect", "webview"]), url: v.string() }),
  v.object({ ask: v.picklist(["open", "device", "download", "certificate"]) }),
  /** Two doors to the same permissions. */
  v.object({
    ask: v.picklist(["permission", "check"]),
    permission: v.optional(v.string(), "media"),
    media: v.optional(v.picklist(["video", "audio"]), "video"),
    url: v.string(),
    inFrame: v.optional(v.boolean(), false),
  }),
  v.object({ ask: v.literal("key"), key: v.string(), control: v.optional(v.boolean(), false) }),
  v.object({ ask: v.picklist(["close", "menu"]) }),
  /** What a renderer could send, past the preload script. */
  v.object({
    ask: v.literal("message"),
    from: v.picklist(["page", "frame", "elsewhere", "window", "nowhere"]),
    args: v.array(v.unknown()),
  }),
  v.object({ ask: v.picklist(["crash", "hang", "blank", "unresponsive", "graphics"]) }),
  v.object({ ask: v.picklist(["minimize", "leave-full-screen", "zoom", "tools"]) }),
  v.object({ ask: v.picklist(["quit", "session-end", "shutdown"]) }),
]);
export type Ask = v.InferInput<typeof Ask>;

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
      return doors.request({}, asked.permission, (granted) => told(asked.ask, granted), {
        isMainFrame: !asked.inFrame,
        requestingUrl: asked.url,
        mediaTypes: [asked.media],
      });
    case "check":
      return told(
        asked.ask,
        doors.check?.({}, asked.permission, asked.url, {
          isMainFrame: !asked.inFrame,
          requestingUrl: asked.url,
          mediaType: asked.media,
        }) ?? true,
      );
    case "device":
      return told(asked.ask, doors.device?.() ?? true);
    case "certificate": {
      let trusted = false;
      const trust = (answered: boolean) => (trusted = answered);
      const prevented = held((event) => app.emit("certificate-error", event, {}, "https://x", "ERR", {}, trust));
      return told(asked.ask, trusted || !prevented);
    }
    case "key": {
      const key = { key: asked.key, control: asked.control, alt: false, meta: false };
      return told(asked.ask, !held((event) => contents.emit("before-input-event", event, key)));
    }
    case "close":
      return told(asked.ask, !held((event) => theWindow().emit("close", event)));
    case "menu":
      return told(asked.ask, !held((event) => contents.emit("context-menu", event)));
    case "message":
      ipcMain.emit(HOST_CHANNEL, sentFrom(asked.from), ...asked.args);
      return undefined;
    case "crash":
      return void contents.emit("render-process-gone", {}, { reason: "crashed", exitCode: 1 });
    case "hang":
      return shown.page?.hang();
    case "blank":
      shown.mute = true;
      return void contents.emit("render-process-gone", {}, { reason: "crashed", exitCode: 1 });
    case "unresponsive":
      return void contents.emit("unresponsive");
    case "graphics":
      return void app.emit("child-process-gone", {}, { type: "GPU", reason: "crashed", exitCode: 1 });
    case "minimize":
    case "leave-full-screen":
    case "session-end":
      return void theWindow().emit(asked.ask);
    case "zoom":
      return void contents.emit("zoom-changed", {}, "in");
    case "tools":
      return void contents.emit("devtools-opened");
    case "shutdown":
      return void powerMonitor.emit("shutdown", { preventDefault() {} });
    case "quit":
      return app.quit();
  }
}

function theWindow(): BrowserWindow {
  const [window] = BrowserWindow.all;
  if (window === undefined) throw new Error("there is no window");
  return window;
}

function sentFrom(place: "page" | "frame" | "elsewhere" | "window" | "nowhere"): object {
  const top = { origin: shown.origin, parent: null };
  switch (place) {
    case "page":
      return { sender: contents, senderFrame: top };
    case "frame":
      return { sender: contents, senderFrame: { ...top, parent: top } };
    case "elsewhere":
      return { sender: contents, senderFrame: { ...top, origin: "https://example.org" } };
    case "window":
      return { sender: {}, senderFrame: top };
    case "nowhere":
      return { sender: contents, senderFrame: null };
  }
}

const told = (ask: string, allowed: boolean) => tell({ kind: "answer", ask, allowed });

function held(emit: (event: { preventDefault(): void }) => void): boolean {
  let prevented = false;
  emit({ preventDefault: () => (prevented = true) });
  return prevented;
}
