/** The format wizard at work: it hears the two readers' tags, and their taps are no votes meanwhile. */
import type { LfBits } from "../../shared/domain/event-settings.ts";
import type { RefusalWhy } from "./desk-refusals.ts";
import { setFormat } from "./mapping-edits.ts";
import type { OwnMapping } from "./mapping-keeper.ts";
import type { StationReaders } from "./station-readers.ts";
import { judge, seeTag, startWizard, type Wizard, type WizardSettings } from "./wizard.ts";

/** An operator who was called away must not keep the voters from voting for long. */
export const WIZARD_MS = 120_000;

export interface WizardSurroundings {
  readers: Pick<StationReaders, "claimTaps" | "watchTags">;
  mapping: Pick<OwnMapping, "readers" | "edit" | "onChange">;
  lfBits: () => LfBits;
  setTimer: (run: () => void, delayMs: number) => () => void;
  onChange: () => void;
}

export interface WizardRun {
  now(): Wizard | null;
  start(a: string, b: string): RefusalWhy | null;
  /** Take over the settings that were found. */
  apply(): RefusalWhy | null;
  stop(): void;
}

export function createWizardRun(around: WizardSurroundings): WizardRun {
  const { readers, mapping } = around;
  let wizard: Wizard | null = null;
  let ends: (() => void)[] = [];

  /** Undefined when one of the two is no longer in use. */
  const settings = ({ readers: [a, b] }: Wizard): WizardSettings | undefined => {
    const formatOf = (id: string) => mapping.readers().find((reader) => reader.id === id)?.format;
    const [one, other] = [formatOf(a), formatOf(b)];
    return one && other && { formats: [one, other], lfBits: around.lfBits() };
  };
  const change = (next: Wizard | null) => {
    if (next === wizard) return;
    wizard = next;
    around.onChange();
  };
  const stop = () => {
    for (const end of ends) end();
    ends = [];
    change(null);
  };
  return {
    now: () => wizard,
    start(a, b) {
      if (a === b) return "same-reader";
      const fresh = startWizard(a, b);
      if (settings(fresh) === undefined) return "unknown-reader";
      stop();
      ends = [
        // What they see comes by `watchTags`: also what is no number under the settings of now.
        readers.claimTaps(() => {}),
        readers.watchTags((reader, tag) => {
          const now = wizard && settings(wizard);
          if (wizard && now) change(seeTag(wizard, reader, tag, now));
        }),
        mapping.onChange(() => {
          if (settings(fresh) === undefined) stop();
        }),
        around.setTimer(stop, WIZARD_MS),
      ];
      change(fresh);
      return null;
    },
    apply() {
      if (wizard?.result?.kind !== "change") return "format-not-found";
      const { side, format } = wizard.result;
      const refused = mapping.edit(setFormat(wizard.readers[side === "a" ? 0 : 1], format));
      const now = settings(wizard);
      if (refused === null && now !== undefined) change(judge(wizard, now));
      return refused;
    },
    stop,
  };
}
