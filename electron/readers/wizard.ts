/** The format wizard's course: the same tags on two readers, pair by pair, until their settings are clear. Pure. */
import type { LfBits } from "../../shared/domain/event-settings.ts";
import type { UidFormat } from "../../shared/domain/mapping.ts";
import { findFormat, type WizardResult } from "../tap/format-wizard.ts";
import { ownCopy, sameTag, type SeenTag } from "../tap/seen-tag.ts";

/** As many as an operator holds up before he gives up; of more only the last count. */
const MAX_WIZARD_TAGS = 5;

/** Two readers by id, and the same of both in this order. */
type Both<Each> = readonly [Each, Each];
type Side = 0 | 1;

export interface Wizard {
  readers: Both<string>;
  /** Tags that both have seen, in the same order: only here, and only while the wizard runs. */
  tags: Both<readonly SeenTag[]>;
  /** The next tag, of the side that has seen it. */
  next: Both<SeenTag | null>;
  result: WizardResult | null;
}

/** How the readers are set now. */
export interface WizardSettings {
  formats: Both<UidFormat>;
  lfBits: LfBits;
}

export function startWizard(a: string, b: string): Wizard {
  return { readers: [a, b], tags: [[], []], next: [null, null], result: null };
}

/** A reader saw a tag: the same wizard when that says nothing new. */
export function seeTag(now: Wizard, reader: string, tag: SeenTag, settings: WizardSettings): Wizard {
  const side = now.readers.indexOf(reader);
  if (side !== 0 && side !== 1) return now;
  // It still lies there.
  if ([...now.tags[side], now.next[side]].some((known) => known !== null && sameTag(known, tag))) return now;
  // Two different tags say nothing of the settings: what comes now begins anew.
  const begun = now.result?.kind === "disagree" ? startWizard(...now.readers) : now;
  const next = withSide(begun.next, side, ownCopy(tag));
  const [a, b] = next;
  if (a === null || b === null) return { ...begun, next };
  const tags: Wizard["tags"] = [lastOf([...begun.tags[0], a]), lastOf([...begun.tags[1], b])];
  return judge({ ...begun, tags, next: [null, null] }, settings);
}

/** What the tags seen so far say under these settings. */
export function judge(now: Wizard, { formats, lfBits }: WizardSettings): Wizard {
  if (now.tags[0].length === 0) return now;
  const side = (at: Side) => ({ tags: now.tags[at], format: formats[at] });
  return { ...now, result: findFormat(side(0), side(1), lfBits) };
}

/** Which of the two has seen the tag that is being looked at. */
export function seenBy({ next: [a, b], result }: Wizard): [boolean, boolean] {
  return a === null && b === null ? [result !== null, result !== null] : [a !== null, b !== null];
}

function withSide<Each>([a, b]: Both<Each>, side: Side, value: Each): Both<Each> {
  return side === 0 ? [value, b] : [a, value];
}

function lastOf(tags: readonly SeenTag[]): readonly SeenTag[] {
  return tags.slice(-MAX_WIZARD_TAGS);
}
