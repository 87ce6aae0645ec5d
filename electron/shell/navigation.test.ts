import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { lockNavigation, type LockableContents } from "./navigation.ts";

const HERE = "http://127.0.0.1:7071";

function lockedPage() {
  let openHandler: (() => { action: string }) | undefined;
  const contents = Object.assign(new EventEmitter(), {
    setWindowOpenHandler(handler: () => { action: "deny" }) {
      openHandler = handler;
    },
  }) satisfies LockableContents;
  lockNavigation(contents, HERE);
  return {
    /** Does the page get there? */
    goes(event: string, url: string): boolean {
      let prevented = false;
      contents.emit(event, { url, preventDefault: () => (prevented = true) });
      return !prevented;
    },
    opens: () => openHandler?.().action,
  };
}

const WAYS = ["will-navigate", "will-frame-navigate", "will-redirect"];

test.each(WAYS)("%s leads anywhere on the station and nowhere else", (way) => {
  const page = lockedPage();
  for (const url of [`${HERE}/`, `${HERE}/?token=x`, `${HERE}/station/#poll`]) expect(page.goes(way, url)).toBe(true);
  for (const url of [
    "https://example.org/",
    "http://127.0.0.1:7070/",
    "http://localhost:7071/",
    "https://127.0.0.1:7071/",
    "http://127.0.0.1:7071@example.org/",
    "http://127.0.0.1:70711/",
    "file:///etc/passwd",
    "data:text/html,x",
    "javascript:alert(1)",
    "about:blank",
    "chrome://settings",
    "not an address",
    "",
  ]) {
    expect([url, page.goes(way, url)]).toEqual([url, false]);
  }
});

test("no window opens, not even on the station itself, and nothing is embedded", () => {
  const page = lockedPage();
  expect(page.opens()).toBe("deny");
  expect(page.goes("will-attach-webview", `${HERE}/`)).toBe(false);
});
