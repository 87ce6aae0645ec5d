/** What pages may ask of the computer: nothing. The station's page needs no permission, device, download or certificate. */

interface Preventable {
  preventDefault(): void;
}

/** The part of Electron's Session that is locked; main.ts passes the real one, which proves that it fits. */
export interface LockableSession {
  setPermissionRequestHandler(
    handler: (contents: unknown, permission: unknown, answer: (granted: boolean) => void) => void,
  ): void;
  setPermissionCheckHandler(handler: () => boolean): void;
  setDevicePermissionHandler(handler: () => boolean): void;
  on(event: "will-download", listener: (event: Preventable) => void): unknown;
}

/** The part of Electron's App that asks about certificates and passwords. */
export interface LockableApp {
  on(
    event: "certificate-error",
    listener: (
      event: Preventable,
      contents: unknown,
      url: string,
      error: string,
      certificate: unknown,
      answer: (trusted: boolean) => void,
    ) => void,
  ): unknown;
  on(event: "login", listener: (event: Preventable) => void): unknown;
  on(event: "select-client-certificate", listener: (event: Preventable) => void): unknown;
}

/**
 * Deny all of it. Requests and checks are two doors to the same permissions: Electron grants through either one that
 * has no handler.
 */
export function lockSession(session: LockableSession): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  // Prevented, the download never starts; there is no item to cancel.
  session.on("will-download", (event) => event.preventDefault());
}

/** The page comes by plain HTTP from this computer: whoever shows a certificate or wants a password is somebody else. */
export function refuseStrangers(app: LockableApp): void {
  app.on("certificate-error", (event, _contents, _url, _error, _certificate, answer) => {
    event.preventDefault();
    answer(false);
  });
  // Prevented without an answer: the request fails, and nobody is asked.
  app.on("login", (event) => event.preventDefault());
  app.on("select-client-certificate", (event) => event.preventDefault());
}
