/**
 * Electron as far as the shell uses it, in plain Node: as strict about readiness, deaf to promises in `before-quit`, and
 * with a window that really fetches its page. Whoever forked us sees what happens and asks through IPC.
 */
import { EventEmitter } from "node:events";
import type Electron from "electron";
import { takeLock } from "./lock.ts";
import { loadPage, type DoublePage } from "./page.ts";
import { tell } from "./tell.ts";

let ready = false;
/** Where the lock is. */
let profile = process.cwd();
const { promise: whenReady, resolve: becomeReady } = Promise.withResolvers<void>();

/** Electron gets ready only after the entry module, and all it awaits, has ended. */
export function getReady(): void {
  ready = true;
  becomeReady();
}

function needReady(what: string): void {
  if (!ready) throw new Error(`${what} before app is ready`);
}

export const app = Object.assign(new EventEmitter(), {
  isPackaged: process.env["DOUBLE_IS_PACKAGED"] !== undefined,
  getPath: () => process.cwd(),
  setPath(name: string, path: string) {
    tell({ kind: "path", name, path });
    profile = path;
  },
  whenReady: () => whenReady,
  requestSingleInstanceLock: (wish?: Record<string, unknown>): boolean =>
    takeLock(profile, wish ?? {}, (told) => void app.emit("second-instance", {}, [], "/", told)),
  setLoginItemSettings: (settings: Electron.Settings) => tell({ kind: "login-item", settings }),
  quit() {
    let prevented = false;
    app.emit("before-quit", { preventDefault: () => (prevented = true) });
    if (!prevented) process.exit(0);
  },
  exit: (code = 0) => process.exit(code),
}) satisfies Pick<
  Electron.App,
  "isPackaged" | "getPath" | "setPath" | "requestSingleInstanceLock" | "setLoginItemSettings" | "quit" | "exit"
>;

/** What the shell reads of a request; the real one says more. */
interface MediaAsked {
  isMainFrame: boolean;
  requestingUrl: string;
  mediaTypes?: ("video" | "audio")[];
  mediaType?: "video" | "audio";
}

/** What the shell set, for `ask.ts` to try. Undefined is Electron's default, which grants. */
export const doors: {
  request?: (contents: unknown, permission: string, answer: (granted: boolean) => void, details: MediaAsked) => void;
  check?: (contents: unknown, permission: string, origin: string, details: MediaAsked) => boolean;
  device?: () => boolean;
  open?: () => Electron.WindowOpenHandlerResponse;
} = {};

const defaultSession = Object.assign(new EventEmitter(), {
  setPermissionRequestHandler: (handler: NonNullable<typeof doors.request>) => void (doors.request = handler),
  setPermissionCheckHandler: (handler: NonNullable<typeof doors.check>) => void (doors.check = handler),
  setDevicePermissionHandler: (handler: () => boolean) => void (doors.device = handler),
});
export const session = {
  get defaultSession() {
    needReady("session.defaultSession");
    return defaultSession;
  },
};

export const ipcMain = new EventEmitter();

/** The window's page, as it is now. */
export const shown: { page?: DoublePage; origin: string; mute: boolean } = { origin: "null", mute: false };

const did = (what: string) => tell({ kind: "did", what });

export const contents = Object.assign(new EventEmitter(), {
  setWindowOpenHandler: (handler: () => Electron.WindowOpenHandlerResponse) => void (doors.open = handler),
  setZoomFactor: (factor: number) => did(`zoom ${factor}`),
  setVisualZoomLevelLimits: async (lowest: number, highest: number) => did(`fingers ${lowest} to ${highest}`),
  closeDevTools: () => did("close tools"),
  invalidate: () => did("repaint"),
  send: (channel: string, text: unknown) => shown.page?.hear(channel, text),
  forcefullyCrashRenderer() {
    shown.page?.hang();
    did("end page");
    contents.emit("render-process-gone", {}, { reason: "killed", exitCode: 9 });
  },
});

export class BrowserWindow extends EventEmitter {
  static readonly all: BrowserWindow[] = [];
  static readonly getAllWindows = () => BrowserWindow.all;
  readonly webContents = contents;
  readonly #preload: string;

  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super();
    needReady("new BrowserWindow()");
    tell({ kind: "window", options });
    this.#preload = options.webPreferences?.preload ?? "";
    BrowserWindow.all.push(this);
    app.emit("web-contents-created", {}, contents);
  }

  isMinimized = () => false;
  restore = () => did("restore");
  show = () => tell({ kind: "shown" });
  focus = () => tell({ kind: "focus" });
  setKiosk = (flag: boolean) => did(`kiosk ${flag}`);

  async loadURL(address: string): Promise<void> {
    shown.origin = new URL(address).origin;
    const send = (channel: string, ...args: unknown[]) =>
      ipcMain.emit(channel, { sender: contents, senderFrame: { origin: shown.origin, parent: null } }, ...args);
    try {
      shown.page = await loadPage({ address, preload: this.#preload, send }, shown.mute);
    } catch (error) {
      // The shell hears of it as an event only; whoever reads a failed test wants the reason.
      console.error(error);
      contents.emit("did-fail-load", {}, -2, "failed", address, true);
      throw error;
    }
    contents.emit("did-finish-load");
    this.emit("ready-to-show");
  }
}

export const Menu = {
  setApplicationMenu: (menu: Electron.Menu | null) => tell({ kind: "menu", removed: menu === null }),
} satisfies Pick<typeof Electron.Menu, "setApplicationMenu">;

export const dialog = {
  async showMessageBox(first: Electron.MessageBoxOptions | Electron.BaseWindow, second?: Electron.MessageBoxOptions) {
    needReady("dialog.showMessageBox");
    tell({ kind: "box", message: second?.message ?? ("message" in first ? first.message : "") });
    return { response: 0, checkboxChecked: false };
  },
} satisfies Pick<Electron.Dialog, "showMessageBox">;

/** Like the real one: not before readiness, and another text than before. That the real one fits, main.ts proves. */
export const safeStorage = {
  isEncryptionAvailable() {
    needReady("safeStorage.isEncryptionAvailable");
    return true;
  },
  getSelectedStorageBackend: () => process.env["DOUBLE_KEYRING"] ?? "gnome_libsecret",
  encryptString: (text: string) => Buffer.from(`v10${Buffer.from(text).toString("hex")}`),
  decryptString: (bytes: Buffer) => Buffer.from(bytes.toString().slice(3), "hex").toString(),
};

export const nativeTheme = { shouldUseDarkColors: false } satisfies Pick<Electron.NativeTheme, "shouldUseDarkColors">;

export const powerMonitor = new EventEmitter();

export const powerSaveBlocker = {
  start(type: "prevent-app-suspension" | "prevent-display-sleep") {
    needReady("powerSaveBlocker.start");
    did(type);
    return 1;
  },
} satisfies Pick<Electron.PowerSaveBlocker, "start">;
