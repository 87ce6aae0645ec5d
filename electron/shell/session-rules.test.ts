import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { lockSession, refuseStrangers, type LockableApp, type LockableSession } from "./session-rules.ts";

type RequestHandler = Parameters<LockableSession["setPermissionRequestHandler"]>[0];
type CheckHandler = Parameters<LockableSession["setPermissionCheckHandler"]>[0];
const OWN = "http://127.0.0.1:7071";

function lockedSession(origin: string | null = OWN) {
  let request: RequestHandler | undefined;
  let check: CheckHandler | undefined;
  let device: (() => boolean) | undefined;
  const session = Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: (handler: RequestHandler) => void (request = handler),
    setPermissionCheckHandler: (handler: CheckHandler) => void (check = handler),
    setDevicePermissionHandler: (handler: () => boolean) => void (device = handler),
  }) satisfies LockableSession;
  lockSession(session, () => origin);
  return {
    session,
    /** What is answered to a request; every time one is. */
    request(permission: string, details: Partial<Parameters<RequestHandler>[3]> = {}) {
      const answers: boolean[] = [];
      const all = { isMainFrame: true, requestingUrl: `${OWN}/`, ...details };
      request?.({}, permission, (granted) => answers.push(granted), all);
      return answers;
    },
    check: (permission: string, details: Partial<Parameters<CheckHandler>[3]> = {}) =>
      check?.(null, permission, `${OWN}/`, { isMainFrame: true, requestingUrl: `${OWN}/`, ...details }),
    device: () => device,
  };
}

function preventable() {
  return {
    prevented: false,
    preventDefault() {
      this.prevented = true;
    },
  };
}

test.each([
  "geolocation",
  "notifications",
  "serial",
  "usb",
  "hid",
  "clipboard-read",
  "display-capture",
  "fullscreen",
  "openExternal",
  "unknown",
])("%s is denied when asked for, and answered exactly once", (permission) => {
  expect(lockedSession().request(permission, { mediaTypes: ["video"] })).toEqual([false]);
  expect(lockedSession().check(permission, { mediaType: "video" })).toBe(false);
});

test("the station's own page has the camera, and nobody the microphone", () => {
  const { request, check } = lockedSession();
  expect([request("media", { mediaTypes: ["video"] }), check("media", { mediaType: "video" })]).toEqual([[true], true]);
  const more: ("video" | "audio")[][] = [["audio"], ["video", "audio"], ["audio", "video"], []];
  for (const mediaTypes of more) expect(request("media", { mediaTypes })).toEqual([false]);
  expect(request("media")).toEqual([false]);
  for (const mediaType of ["audio", "unknown"] as const) expect(check("media", { mediaType })).toBe(false);
  expect(check("media")).toBe(false);
});

test.each([
  "http://127.0.0.1:8080/",
  "https://127.0.0.1:7071/",
  "http://evil.example/",
  "about:blank",
  "file:///x",
  "",
  "null",
])("a page of %s has no camera", (requestingUrl) => {
  const { request, check } = lockedSession();
  expect(request("media", { mediaTypes: ["video"], requestingUrl })).toEqual([false]);
  expect(check("media", { mediaType: "video", requestingUrl })).toBe(false);
});

test("nor has a frame in the page, nor any page before the station has its address", () => {
  const camera = { mediaTypes: ["video"] as ("video" | "audio")[] };
  expect(lockedSession().request("media", { ...camera, isMainFrame: false })).toEqual([false]);
  expect(lockedSession().check("media", { mediaType: "video", isMainFrame: false })).toBe(false);
  for (const requestingUrl of [`${OWN}/`, "", "about:blank"]) {
    expect(lockedSession(null).request("media", { ...camera, requestingUrl })).toEqual([false]);
    expect(lockedSession(null).check("media", { mediaType: "video", requestingUrl })).toBe(false);
  }
});

test("devices are denied", () => {
  expect(lockedSession().device()?.()).toBe(false);
});

test("a download does not start", () => {
  const event = preventable();
  lockedSession().session.emit("will-download", event);
  expect(event.prevented).toBe(true);
});

test("no certificate is trusted, and no password or certificate of ours is given", () => {
  const app = new EventEmitter() satisfies LockableApp;
  refuseStrangers(app);
  const trusted: boolean[] = [];
  const bad = preventable();
  app.emit("certificate-error", bad, {}, "https://127.0.0.1/", "ERR", {}, (answer: boolean) => trusted.push(answer));
  expect([bad.prevented, trusted]).toEqual([true, [false]]);
  for (const name of ["login", "select-client-certificate"]) {
    const event = preventable();
    app.emit(name, event);
    expect([name, event.prevented]).toEqual([name, true]);
  }
});
