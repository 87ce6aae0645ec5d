/** Ending with npm. */

/** Long before whoever stopped us looks whether we are gone. */
const LOOK_EVERY_MS = 250;

/**
 * npm hands a SIGTERM to the shell that it runs us in, and that shell ends without a word to us: then `leave` is called,
 * once. Where npm did not start us, nobody's end is ours: a service or a job of a shell goes on without its parent.
 */
export function whenLeftAlone(leave: () => void): void {
  if (process.env["npm_lifecycle_event"] === undefined || process.platform === "win32") return;
  const parent = process.ppid;
  const look = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(look);
    leave();
  }, LOOK_EVERY_MS);
  look.unref();
}
