/**
 * What pages may ask of the computer: the station's own page its camera, to read a server's address from a QR code; and
 * nothing else. It needs no other permission, device, download or certificate.
 */

interface Preventable {
  preventDefault(): void;
}

/** What Electron says of a request; more than one kind of medium may be asked for at once. */
interface RequestDetails {
  isMainFrame: boolean;
  requestingUrl: string;
  mediaTypes?: ("video" | "audio")[];
}

interface CheckDetails {
  isMainFrame: boolean;
  requestingUrl?: string;
  mediaType?: "video" | "audio" | "unknown";
}

/** The part of Electron's Session that is locked; main.ts passes the real one, which proves that it fits. */
export interface LockableSession {
  setPermissionRequestHandler(
    handler: (
      contents: unknown,
      permission: string,
      answer: (granted: boolean) => void,
      details: RequestDetails,
    ) => void,
  ): void;
  setPermissionCheckHandler(
    handler: (contents: unknown, permission: string, origin: string, details: CheckDetails) => boolean,
  ): void;
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
 * Deny all but the camera, to the page itself and not to a frame in it. Requests and checks are two doors to the same
 * permissions: Electron grants through either one that has no handler.
 * @param origin the station's own; null until it is known
 */
export function lockSession(session: LockableSession, origin: () => string | null): void {
  const isOwn = (url: string | undefined) => origin() !== null && URL.parse(url ?? "")?.origin === origin();
  session.setPermissionRequestHandler((_contents, permission, answer, details) => {
    const isCamera = permission === "media" && details.mediaTypes?.join() === "video";
    answer(isCamera && details.isMainFrame && isOwn(details.requestingUrl));
  });
  session.setPermissionCheckHandler((_contents, permission, _origin, details) => {
    const isCamera = permission === "media" && details.mediaType === "video";
    return isCamera && details.isMainFrame && isOwn(details.requestingUrl);
  });
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
