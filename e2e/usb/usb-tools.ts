/** What the small machine is made of, as Debian's packages name it. */
import { existsSync } from "node:fs";

const NEEDED: Readonly<Record<string, string>> = {
  "qemu-system-x86": "/usr/bin/qemu-system-x86_64",
  "busybox-static": "/bin/busybox",
  kmod: "/usr/sbin/depmod",
  udev: "/lib/systemd/systemd-udevd",
  cpio: "/usr/bin/cpio",
  evtest: "/usr/bin/evtest",
  pcscd: "/usr/sbin/pcscd",
  libccid: "/usr/lib/pcsc/drivers/ifd-ccid.bundle/Contents/Info.plist",
};

/** The packages that are not there. */
export function findUsbTools(): string[] {
  return Object.entries(NEEDED).flatMap(([name, file]) => (existsSync(file) ? [] : [name]));
}
