/**
 * The same tags held to two readers: which settings make the readers give the same numbers?
 *
 * Agreeing on the tags that were held up is not enough. A tag whose bytes read the same from both ends says nothing of
 * their order, and `auto` may be right for this tag and wrong for the next one. So all makes are looked at that the two
 * readers may be of, and only settings under which they agree on further tags too, whichever those makes are, are taken.
 */
import { toHex } from "../../shared/bytes.ts";
import type { LfBits } from "../../shared/domain/event-settings.ts";
import { DigitsForm, Technology, type UidFormat } from "../../shared/domain/mapping.ts";
import { furtherNumbers, makesOf, spell, type Make } from "./further-tags.ts";
import { normalForm } from "./normal-form.ts";
import type { SeenTag } from "./seen-tag.ts";

/** What one of the two readers gave, tag by tag, and its settings now. */
export interface WizardSide {
  tags: readonly SeenTag[];
  format: UidFormat;
}

export type WizardResult =
  | { kind: "agree" }
  /** This side needs these settings. The other one's may be wrong too: with these applied, ask again with the same tags. */
  | { kind: "change"; side: "a" | "b"; format: UidFormat }
  /** Settings that read other tags differently would do: another tag tells them apart. */
  | { kind: "ambiguous" }
  /** Under no settings are these the same number: not the same tag, or a reader that leaves out bits that are compared. */
  | { kind: "disagree" };

/** @param a its `tags` are the same tags as b's, in the same order */
export function findFormat(a: WizardSide, b: WizardSide, lfBits: LfBits): WizardResult {
  if (a.tags.length === 0) return { kind: "ambiguous" };
  const worlds = worldsOf(a, b, lfBits);
  if (worlds.length === 0) return { kind: "disagree" };
  const [forA, forB] = [settingsNear(a, lfBits, FIRST_COSTS), settingsNear(b, lfBits, 1)];
  const [saysA, saysB] = [forA.map(({ format }) => told("a", format)), forB.map(({ format }) => told("b", format))];
  const pairs = forA.flatMap((one, i) =>
    forB.flatMap((other, j) => (saysA[i] === saysB[j] ? [{ one, other, cost: one.cost + other.cost }] : [])),
  );
  const [best] = pairs.toSorted((x, y) => x.cost - y.cost);
  if (best === undefined) return { kind: "ambiguous" };
  if (best.other.cost > 0) return { kind: "change", side: "b", format: best.other.format };
  return best.one.cost > 0 ? { kind: "change", side: "a", format: best.one.format } : { kind: "agree" };

  /** What a side set so says to the tags seen, and to further ones in every world; no two sides that fail say the same. */
  function told(side: "a" | "b", format: UidFormat): string {
    const tags = [...(side === "a" ? a : b).tags, ...worlds.flatMap((world) => world[side])];
    return numbersOf(tags, format, lfBits) ?? side;
  }
}

/** Of two readers either of which could be changed it is the second: it was brought to the first. */
const FIRST_COSTS = 1.1;
/** And rather one that types than one that gives bytes: keyboards differ, those bytes are in the order of the manual. */
const BYTES_COST = 1.5;
/** An event that compares 24 bits does so for its 125 kHz tags: where a tag may be either, it is one of those. */
const HF_COSTS = 0.2;

/** Further tags, as both readers would give them, were the two of certain makes. */
interface World {
  a: readonly SeenTag[];
  b: readonly SeenTag[];
}

/** Every pair of makes under which what was seen is the same tags: one of these the two readers are. */
function worldsOf(a: WizardSide, b: WizardSide, lfBits: LfBits): World[] {
  const numbered = ({ tags }: WizardSide) =>
    makesOf(tags).map((make) => ({ make, numbers: numbersOf(tags, make, lfBits) }));
  const ofB = numbered(b);
  return numbered(a).flatMap(({ make: one, numbers }) =>
    ofB
      .filter((other) => numbers !== null && other.numbers === numbers && other.make.technology === one.technology)
      .map(({ make: other }) => worldOf(a.tags, one, b.tags, other, numbers?.split(",")[0] ?? "")),
  );
}

function worldOf(a: readonly SeenTag[], one: Make, b: readonly SeenTag[], other: Make, uid: string): World {
  const both = furtherNumbers(one.technology, uid.length / 2).flatMap((number) => {
    const [left, right] = [spell(number, one, a), spell(number, other, b)];
    return left && right ? [{ left, right }] : [];
  });
  return { a: both.map(({ left }) => left), b: both.map(({ right }) => right) };
}

/** `null` when any of them is no number under these settings. */
function numbersOf(tags: readonly SeenTag[], format: UidFormat, lfBits: LfBits): string | null {
  const numbers = tags.map((tag) => normalForm(tag, format, lfBits));
  return numbers.includes(null) ? null : numbers.map((number) => toHex(number?.uid ?? NO_BYTES)).join();
}

const NO_BYTES = new Uint8Array();

/** All settings with what changing the present ones to them costs: 0 for the present ones. */
function settingsNear({ tags, format: present }: WizardSide, lfBits: LfBits, weight: number) {
  const weighed = tags.some(({ form }) => form === "bytes") ? weight * BYTES_COST : weight;
  return Technology.options.flatMap((technology) =>
    DigitsForm.options.flatMap((digits) =>
      [false, true].map((reversed) => {
        const format: UidFormat = { technology, digits, reversed };
        const changed = FIELDS.filter((field) => format[field] !== present[field]);
        const isLessLikely = lfBits === 24 && technology === "hf" && changed.includes("technology");
        return { format, cost: changed.length * weighed + (isLessLikely ? HF_COSTS : 0) };
      }),
    ),
  );
}

const FIELDS = ["technology", "digits", "reversed"] as const;
