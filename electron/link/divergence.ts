/**
 * Where two histories of one log part, by asking for as few places as can be: running hashes are equal up to some number
 * and different from there on, so each answer halves what is left.
 */

export interface Search {
  /** The histories are the same up to here … */
  readonly same: number;
  /** … and are not, or one has ended, from here on. */
  readonly differ: number;
}

/** Both have at least the header, and at most as much as the shorter of them. */
export function beginSearch(ours: number, theirs: number): Search {
  return { same: 0, differ: Math.min(ours, theirs) + 1 };
}

/** The number to compare next; undefined when `same` is where they part. The end first: mostly one just goes on. */
export function placeToCompare({ same, differ }: Search, first: boolean): number | undefined {
  if (differ - same <= 1) return undefined;
  return first ? differ - 1 : same + Math.floor((differ - same) / 2);
}

/** After the running hashes at `number` were compared. */
export function narrow(search: Search, number: number, equal: boolean): Search {
  return equal ? { ...search, same: number } : { ...search, differ: number };
}
