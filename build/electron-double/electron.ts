/**
 * Electron as far as the shell uses it, in plain Node: as strict about readiness, deaf to promises in `before-quit`, and
 * with a window that really fetches its page. Whoever forked us sees what happens and asks through IPC.
 */
import { EventEmitter } from "node:events";
import type Electron from "electron";

let ready = false;
const { promise: whenReady, resolve: becomeReady } = Promise.withResolvers<void>();

/** Told to whoever forked us. */
export const tell = (message: object): void => void process.send?.(message);

/** Electron gets ready only after the entry module, and all it awaits, has ended. */
export function getReady(): void {
  ready = true;
  becomeReady();
}

function needReady(what: string): void {
  if (!ready) throw new Error(`${what} before app is ready`);
}

export const app = Object.assign(new EventEmitter(), {
  isPackaged: false,
  getPath: () => process.cwd(),
  setPath: (name: string, path: string) => tell({ kind: "path", name, path }),
  whenReady: () => whenReady,
  requestSingleInstanceLock: () => process.env["DOUBLE_IS_SECOND"] === undefined,
  quit() {
    let prevented = false;
    app.emit("before-quit", { preventDefault: () => (prevented = true) });
    if (!prevented) process.exit(0);
  },
  exit: (code = 0) => process.exit(code),
}) satisfies Pick<Electron.App, "isPackaged" | "getPath" | "setPath" | "requestSingleInstanceLock" | "quit" | "exit">;

type Asked = Parameters<NonNullable<Parameters<Electron.Session["setPermissionRequestHandler"]>[0]>>;

/** What the shell set, for `ask.ts` to try. Undefined is Electron's default, which grants. */
export const doors: {
  request?: (contents: unknown, permission: Asked[1], answer: Asked[2]) => void;
  check?: () => boolean;
  device?: () => boolean;
  open?: () => Electron.WindowOpenHandlerResponse;
} = {};

const defaultSession = Object.assign(new EventEmitter(), {
  setPermissionRequestHandler: (handler: NonNullable<typeof doors.request>) => void (doors.request = handler),
  setPermissionCheckHandler: (handler: () => boolean) => void (doors.check = handler),
  setDevicePermissionHandler: (handler: () => boolean) => void (doors.device = handler),
});
export const session = {
  get defaultSession() {
    needReady("session.defaultSession");
    return defaultSession;
  },
};

export const contents = Object.assign(new EventEmitter(), {
  setWindowOpenHandler: (handler: () => Electron.WindowOpenHandlerResponse) => void (doors.open = handler),
  forcefullyCrashRenderer: () => void contents.emit("render-process-gone", {}, { reason: "killed", exitCode: 9 }),
});

export class BrowserWindow extends EventEmitter {
  readonly webContents = contents;

  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super();
    needReady("new BrowserWindow()");
    tell({ kind: "window", options });
    app.emit("web-contents-created", {}, contents);
  }

  static getAllWindows = () => [
    { isMinimized: () => false, restore() {}, show() {}, focus: () => tell({ kind: "focus" }) },
  ];

  show(): void {
    tell({ kind: "shown" });
  }

  /** As a browser would: a redirect is asked about, followed with its cookie, and the page is shown. */
  async loadURL(address: string): Promise<void> {
    const first = await fetch(address, { redirect: "manual" });
    const next = new URL(first.headers.get("location") ?? "/nowhere", address);
    const [cookie = ""] = first.headers.getSetCookie()[0]?.split(";") ?? [];
    const page = await fetch(next, { headers: { cookie } });
    const stranger = await fetch(next);
    const { origin, pathname } = next;
    tell({
      kind: "loaded",
      origin,
      pathname,
      status: page.status,
      type: page.headers.get("content-type"),
      strangers: stranger.status,
    });
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
  encryptString: (text: string) => Buffer.from(`v10${Buffer.from(text).toString("hex")}`),
  decryptString: (bytes: Buffer) => Buffer.from(bytes.toString().slice(3), "hex").toString(),
};

export const nativeTheme = { shouldUseDarkColors: false } satisfies Pick<Electron.NativeTheme, "shouldUseDarkColors">;
