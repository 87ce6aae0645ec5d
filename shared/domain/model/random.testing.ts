/** Chance that can be had again: the same seed, the same choices. */
export interface Random {
  /** 0 to `n - 1`. */
  below(n: number): number;
  /** Once in `n` times. */
  oneIn(n: number): boolean;
  pick<Item>(items: readonly Item[]): Item | undefined;
  /** One of these, as often as its number says. */
  weighted<Item>(weights: readonly (readonly [Item, number])[]): Item;
}

/** mulberry32: 32 bits of state are plenty for a round of some hundred choices. */
export function createRandom(seed: number): Random {
  let state = Math.imul(seed, 0x9e37_79b1) >>> 0;
  const below = (n: number) => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % n;
  };
  return {
    below,
    oneIn: (n) => below(n) === 0,
    pick: (items) => items[below(Math.max(1, items.length))],
    weighted(weights) {
      let left = below(weights.reduce((sum, [, weight]) => sum + weight, 0));
      for (const [item, weight] of weights) if ((left -= weight) < 0) return item;
      throw new Error("nothing weighs anything");
    },
  };
}
