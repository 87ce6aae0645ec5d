import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { lockSession, refuseStrangers, type LockableApp, type LockableSession } from "./session-rules.ts";

type RequestHandler = Parameters<LockableSession["setPermissionRequestHandler"]>[0];

function lockedSession() {
  let request: RequestHandler | undefined;
  let check: (() => boolean) | undefined;
  let device: (() => boolean) | undefined;
  const session = Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: (handler: RequestHandler) => void (request = handler),
    setPermissionCheckHandler: (handler: () => boolean) => void (check = handler),
    setDevicePermissionHandler: (handler: () => boolean) => void (device = handler),
  }) satisfies LockableSession;
  lockSession(session);
  return { session, request: () => request, check: () => check, device: () => device };
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
  "media",
  "geolocation",
  "notifications",
  "serial",
  "usb",
  "hid",
  "clipboard-read",
  "openExternal",
  "unknown",
])("%s is denied when asked for, and answered exactly once", (permission) => {
  const answers: boolean[] = [];
  lockedSession().request()?.({}, permission, (granted) => answers.push(granted));
  expect(answers).toEqual([false]);
});

test("permissions are denied when checked, and devices too", () => {
  const locked = lockedSession();
  expect(locked.check()?.()).toBe(false);
  expect(locked.device()?.()).toBe(false);
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
