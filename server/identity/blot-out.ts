/** A secret overwritten where it lies: renaming another file over it would leave its blocks on the disk as they were. */
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { SecretFileFault } from "../files/secret-file.ts";

/**
 * Overwrite every place of a secret in a file with a blot of the same length, and wait for the disk. The rest of the file
 * stays as it is at every moment. Disks that move what is written (flash, copy-on-write) and backups may still hold the old
 * blocks: docs say so. Throws `SecretFileFault`.
 */
export function blotOut(path: string, secret: string, blot: string): void {
  if (blot.length !== secret.length || secret === "") throw new TypeError("a blot is as long as what it covers");
  try {
    const file = openSync(path, "r+");
    try {
      const bytes = readFileSync(file);
      for (let at = bytes.indexOf(secret); at !== -1; at = bytes.indexOf(secret, at + secret.length))
        writeWhole(file, Buffer.from(blot), at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const remedy = "Make it writable for the server's user: the event key in it must be destroyed.";
    throw new SecretFileFault("not-writable", path, remedy, error);
  }
}

function writeWhole(file: number, bytes: Buffer, at: number): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done, bytes.length - done, at + done);
}
