import { createContext, use } from "react";

export interface SheetPlace {
  /** Lies over the rooms; empty while no sheet is open. */
  readonly over: HTMLElement;
  /** Out of reach while one is. */
  readonly rooms: HTMLElement;
}

/** Where sheets lie: over the rooms of the panel, and not over what stands beside it. Null before these are drawn. */
export const SheetPlaceContext = createContext<SheetPlace | null>(null);

/**
 * Shows the sheet with the focus in it. What it gives back closes the sheet, and gives the focus back where that was still in it:
 * to what was touched, or, as that often goes when a sheet comes, to the card of the reader that the sheet is about.
 */
export function openSheet(dialog: HTMLDialogElement, rooms: HTMLElement, reader: string | null): () => void {
  if (reader !== null && document.activeElement === document.body)
    rooms.querySelector<HTMLElement>(`[data-reader="${CSS.escape(reader)}"]`)?.focus({ preventScroll: true });
  // The browser remembers the focus here, and a room that is inert has none.
  dialog.show();
  rooms.inert = true;
  return () => {
    rooms.inert = false;
    dialog.close();
  };
}

export function useSheetPlace(): SheetPlace | null {
  return use(SheetPlaceContext);
}
