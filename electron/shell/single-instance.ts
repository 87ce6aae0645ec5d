/**
 * One kiosk for each data directory: a second start shows the first one's window and ends; started with `--quit`, it ends
 * the first one. Only this computer's same user can do that: the lock lies in the data directory.
 */
import * as v from "valibot";

/** What a second start wants of the first; told by Electron from process to process, so it is parsed. */
const Wish = v.strictObject({ wish: v.picklist(["show", "quit"]) });
export type Wish = v.InferOutput<typeof Wish>["wish"];

/** The part of Electron's App that knows of other instances. */
export interface InstanceApp {
  requestSingleInstanceLock(wish: Record<string, unknown>): boolean;
  on(
    event: "second-instance",
    listener: (event: unknown, argv: string[], folder: string, wish: unknown) => void,
  ): unknown;
  quit(): void;
}

/** The part of Electron's BrowserWindow that brings it to the front. */
export interface Showable {
  isMinimized(): boolean;
  restore(): void;
  show(): void;
  focus(): void;
}

/** False: another instance runs, and was told what is wished; this one has to end. */
export function claimInstance(app: InstanceApp, wish: Wish, windows: () => readonly Showable[]): boolean {
  if (!app.requestSingleInstanceLock({ wish } satisfies v.InferInput<typeof Wish>)) return false;
  app.on("second-instance", (_event, _argv, _folder, told) => {
    const parsed = v.safeParse(Wish, told);
    // Another version's, perhaps: it wanted something of this kiosk, so let it be seen.
    if (parsed.success && parsed.output.wish === "quit") app.quit();
    else windows().forEach(show);
  });
  return true;
}

function show(window: Showable): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
