/**
 * Which keys reach the page. A list of what may pass, not of what may not: each browser and each version has shortcuts that
 * nobody thought of. A wedge reader types letters and digits and ends with Enter; people move with Tab and arrows.
 */

/** As Electron's `before-input-event` tells of it. */
export interface Key {
  /** As of the web's KeyboardEvent.key. */
  key: string;
  control: boolean;
  alt: boolean;
  meta: boolean;
}

const NAMED = new Set([
  "Tab",
  "Enter",
  "Escape",
  "Backspace",
  "Delete",
  "ArrowUp",
  "ArrowDown",
  "ArrowLeft",
  "ArrowRight",
  "Home",
  "End",
  "PageUp",
  "PageDown",
  // Half of a letter with an accent.
  "Dead",
]);
/** Alone they do nothing; held back, the page would believe one to be down for ever. */
const MODIFIERS = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "NumLock"]);
/** The way out for whoever develops; in an installed kiosk they are held back like all others. */
const LEAVING: readonly ((key: Key) => boolean)[] = [
  ({ key, alt }) => alt && key === "F4",
  ({ key, control, meta }) => (control || meta) && /^[qw]$/i.test(key),
];

/** @param packaged an installed kiosk, that nobody leaves by the keyboard @param mac where Alt alone writes letters */
export function mayPass(key: Key, { packaged, mac }: { packaged: boolean; mac: boolean }): boolean {
  if (MODIFIERS.has(key.key)) return true;
  if (!packaged && LEAVING.some((leaves) => leaves(key))) return true;
  const letter = isOneCharacter(key.key);
  if (key.meta) return false;
  if (key.control && key.alt) return letter && isWritten(key.key);
  if (key.control) return false;
  if (key.alt) return mac && letter;
  return letter || NAMED.has(key.key);
}

const isOneCharacter = (key: string) => /^.$/u.test(key);

/** On Windows AltGr is Control and Alt together: "@" is writing, "i" would be a shortcut. */
const isWritten = (key: string) => !/^[a-z0-9 ]$/i.test(key);

interface KeyedContents {
  on(event: "before-input-event", listener: (event: { preventDefault(): void }, key: Key) => void): unknown;
}

/** Hold back every other key of a page. Keys that the system takes for itself never come here: see docs/kiosk.md. */
export function lockKeys(contents: KeyedContents, situation: { packaged: boolean; mac: boolean }): void {
  contents.on("before-input-event", (event, key) => {
    if (!mayPass(key, situation)) event.preventDefault();
  });
}
