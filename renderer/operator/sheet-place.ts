import { createContext, use } from "react";

export interface SheetPlace {
  /** Lies over the rooms; empty while no sheet is open. */
  readonly over: HTMLElement;
  /** Out of reach while one is. */
  readonly rooms: HTMLElement;
}

/** Where sheets lie: over the rooms of the panel, and not over what stands beside it. Null before these are drawn. */
export const SheetPlaceContext = createContext<SheetPlace | null>(null);

/** Shows the sheet with the focus in it. What it gives back closes the sheet, and gives the focus back where that was still in it. */
export function openSheet(dialog: HTMLDialogElement, rooms: HTMLElement): () => void {
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
