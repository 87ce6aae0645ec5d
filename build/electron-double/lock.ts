/** Electron's lock of a profile: the first start has it; a second one tells it something, and goes without. */
import { existsSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";

/** @param wish what a second start tells the first @param hear what the first one does with it */
export function takeLock(profile: string, wish: object, hear: (wish: unknown) => void): boolean {
  const lock = join(profile, "double-lock");
  const told = join(profile, "double-wish");
  if (existsSync(lock) && isAlive(Number(readFileSync(lock, "utf8")))) {
    // Under another name first: it must not be read half written.
    writeFileSync(`${told}.new`, JSON.stringify(wish));
    renameSync(`${told}.new`, told);
    return false;
  }
  writeFileSync(lock, String(process.pid));
  watch(profile, () => {
    if (!existsSync(told)) return;
    const text = readFileSync(told, "utf8");
    rmSync(told);
    hear(JSON.parse(text));
  }).unref();
  return true;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
