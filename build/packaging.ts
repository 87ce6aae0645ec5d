/** How the installed program is packed: electron-builder's configuration. What is packed lies in dist/app, see staged-app.ts. */
import { join } from "node:path";
import type { Configuration } from "electron-builder";
import { PROJECT } from "./dev-tool.ts";

/** What is packed, and nothing else. */
export const STAGED = join(PROJECT, "dist", "app");
const PACKAGES = join(PROJECT, "dist", "packages");
/** What Linux has to be told so that readers may be used: of each file the place where the system looks for it. */
export const LINUX_RULES = join(PROJECT, "build", "linux");
export const LINUX_PLACES: Readonly<Record<string, string>> = {
  "50-polling-station-pcscd.rules": "/usr/share/polkit-1/rules.d/50-polling-station-pcscd.rules",
  "70-polling-station.rules": "/usr/lib/udev/rules.d/70-polling-station.rules",
  "polling-station-nfc.conf": "/usr/lib/modprobe.d/polling-station-nfc.conf",
};
const ICON = join(PROJECT, "build", "icons", "icon.png");

/** Switches in Electron's binary, thrown for good before it is signed: what a kiosk never needs is not even there. */
export const FUSES = {
  // The program is no Node for whoever can start it, nor can variables or flags make it run their code.
  runAsNode: false,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  // Only the code that was packed: Windows and macOS compare its hash before they run it.
  onlyLoadAppFromAsar: true,
  enableEmbeddedAsarIntegrityValidation: true,
  // We have no snapshot of our own.
  loadBrowserProcessSpecificV8Snapshot: false,
  // No page comes from a file.
  grantFileProtocolExtraPrivileges: false,
  // The one cookie is of this run and never on disk; encrypting none would only ask for a keyring.
  enableCookieEncryption: false,
  // A Mac refuses a program that was changed after it was signed. Without a certificate nobody signs it again after this,
  // so let it have at least a signature that fits.
  resetAdHocDarwinSignature: true,
} as const satisfies Configuration["electronFuses"];

export const PACKAGING: Configuration = {
  appId: "org.polling-station.kiosk",
  productName: "Polling Station",
  copyright: "MIT licence",
  directories: { app: STAGED, output: PACKAGES, buildResources: join(PROJECT, "build", "icons") },
  files: ["**/*"],
  // Native code is loaded by the system, which cannot look into an archive. Nothing else may lie beside it: there no hash
  // is compared.
  asar: { smartUnpack: false },
  asarUnpack: ["node_modules/@serialport/bindings-cpp/prebuilds/**", "node_modules/@pcsc-mini/**/*.node"],
  electronFuses: FUSES,
  // Its native part is Node-API, prebuilt for every system: the same for each Electron.
  npmRebuild: false,
  nodeGypRebuild: false,
  publish: null,
  icon: ICON,
  artifactName: "polling-station-${version}-${os}-${arch}.${ext}",
  linux: {
    target: ["AppImage", "deb"],
    executableName: "polling-station",
    // An AppImage installs nothing: who runs one finds the rules in it, and docs/readers.md says where they go.
    extraResources: [{ from: LINUX_RULES, to: "linux" }],
    category: "Utility",
    synopsis: "Voting by tapping a tag: the kiosk",
    maintainer: "Polling Station <maintainer@polling-station.invalid>",
  },
  deb: {
    depends: [
      "libgtk-3-0 | libgtk-3-0t64",
      "libnotify4",
      "libnss3",
      "libxss1",
      "libxtst6",
      "xdg-utils",
      "libatspi2.0-0 | libatspi2.0-0t64",
      "libuuid1",
      "libsecret-1-0",
    ],
    // Without one the event key lies unencrypted in a file of the kiosk's user.
    recommends: ["gnome-keyring | kwalletmanager"],
    fpm: Object.entries(LINUX_PLACES).map(([file, place]) => `${join(LINUX_RULES, file)}=${place}`),
  },
  win: { target: ["nsis"] },
  nsis: {
    // Into Program Files, where the kiosk's own user can change nothing.
    oneClick: false,
    perMachine: true,
    allowElevation: true,
    allowToChangeInstallationDirectory: false,
    runAfterFinish: false,
    // Votes that were not delivered lie there.
    deleteAppDataOnUninstall: false,
  },
  mac: { target: ["dmg"], category: "public.app-category.utilities", hardenedRuntime: true },
  dmg: { title: "Polling Station ${version}" },
};
