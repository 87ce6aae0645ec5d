/** The kernel and the first file system of the small machine: Debian's own, unpacked beside the tests, never installed. */
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, globSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "../rig/program.ts";

/** Beside the other caches; `npm ci` throws it away. */
const CACHE = join(PROJECT, "node_modules", ".cache", "usb-vm");
/** 70 MB over a slow line. */
const DOWNLOAD_MS = 300_000;
const TOOL_MS = 60_000;

/** In the order in which they are loaded: what the host's files come through. */
const BOOT_MODULES = [
  "virtio_ring",
  "virtio",
  "virtio_pci_modern_dev",
  "virtio_pci_legacy_dev",
  "virtio_pci",
  "netfs",
  "fscache",
  "9pnet",
  "9pnet_virtio",
  "9p",
];

export interface VmKernel {
  /** Folder with `boot/` and `lib/modules/`. */
  root: string;
  kernel: string;
  version: string;
}

/** Debian's newest kernel of this release. Downloads it at the first time. Throws with what apt said. */
export function vmKernel(): VmKernel {
  const version = newestVersion();
  const root = join(CACHE, version);
  const kernel = join(root, "boot", `vmlinuz-${version}`);
  if (!existsSync(kernel)) unpackKernel(version, root);
  return { root, kernel, version };
}

function newestVersion(): string {
  const found = run("apt-cache", ["depends", "linux-image-amd64"], TOOL_MS);
  const version = /Depends: linux-image-(\d\S*-amd64)/.exec(found)?.[1];
  if (version === undefined) throw new Error("apt knows no kernel (linux-image-amd64): run apt-get update");
  return version;
}

function unpackKernel(version: string, root: string): void {
  const making = `${root}.part`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  run("apt-get", ["-q", "download", `linux-image-${version}`], DOWNLOAD_MS, making);
  const [archive] = globSync("*.deb", { cwd: making });
  if (archive === undefined) throw new Error(`apt brought no linux-image-${version}`);
  run("dpkg", ["-x", archive, "."], TOOL_MS, making);
  rmSync(join(making, archive));
  run("depmod", ["-b", making, version], TOOL_MS);
  renameSync(making, root);
}

/**
 * The first file system: it mounts the host's files read-only and runs `guest` (a shell command) in them. Written anew for
 * each run, because it holds the paths.
 */
export function writeInitrd({ root, version }: VmKernel, guest: string, folder: string): string {
  const tree = join(folder, "initrd");
  for (const name of ["bin", "proc", "sys", "dev", "host", "modules"]) mkdirSync(join(tree, name), { recursive: true });
  copyFileSync("/bin/busybox", join(tree, "bin", "busybox"));
  for (const module of BOOT_MODULES) {
    const [file] = globSync(`lib/modules/${version}/kernel/**/${module}.ko`, { cwd: root });
    if (file === undefined) throw new Error(`the kernel ${version} has no module ${module}`);
    copyFileSync(join(root, file), join(tree, "modules", `${module}.ko`));
  }
  writeFileSync(join(tree, "init"), initScript(root, guest));
  chmodSync(join(tree, "init"), 0o755);
  const image = join(folder, "initrd.cpio");
  run("sh", ["-c", `find . | cpio -o -H newc --quiet > "$0"`, image], TOOL_MS, tree);
  return image;
}

function initScript(root: string, guest: string): string {
  return [
    "#!/bin/busybox sh",
    "/bin/busybox --install -s /bin",
    "mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev",
    ...BOOT_MODULES.map((module) => `insmod /modules/${module}.ko`),
    "mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=262144 host /host",
    "for place in proc sys dev; do mount --bind /$place /host/$place; done",
    "mkdir -p /host/dev/pts; mount -t devpts devpts /host/dev/pts",
    // A project that lies in one of these folders would be hidden by what is laid over it.
    `mkdir /project; mount --bind "/host${PROJECT}" /project`,
    "for place in run tmp; do mount -t tmpfs tmpfs /host/$place; done",
    `mkdir -p "/host${PROJECT}"; mount --bind /project "/host${PROJECT}"`,
    "ifconfig lo 127.0.0.1 up",
    `chroot /host /bin/sh -c 'export PATH=/usr/sbin:/usr/bin:/sbin:/bin SYSTEMD_IGNORE_CHROOT=1 KERNEL=${root}; ${guest}' 2>&1`,
    "sync; poweroff -f",
    "",
  ].join("\n");
}

function run(program: string, args: readonly string[], timeout: number, cwd = PROJECT): string {
  return execFileSync(program, args, { cwd, timeout, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
