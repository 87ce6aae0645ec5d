/**
 * The readers room's side of the operator's panel: what is plugged in, what it stands for, "tap here to assign", the
 * format wizard. It knows nothing of PINs or pages.
 */
import type { LfBits } from "../../shared/domain/event-settings.ts";
import type { Target } from "../../shared/domain/mapping.ts";
import type { PanelAction } from "../../shared/events/operator.ts";
import type { Sentence } from "../../shared/sentences/sentence.ts";
import type { Tap } from "../tap/presence.ts";
import { createAdoption } from "./adoption.ts";
import { type DeskView, deskView } from "./desk-view.ts";
import { refusal, type RefusalWhy } from "./desk-refusals.ts";
import { createEars } from "./ears.ts";
import type { FoundDevice } from "./finder.ts";
import { createListeningRun } from "./listening-run.ts";
import { createLookout, type OpenFinders } from "./lookout.ts";
import { drop, rename, retarget, setFormat, setGap, swapTargets } from "./mapping-edits.ts";
import type { OwnMapping } from "./mapping-keeper.ts";
import { createPace } from "./pace.ts";
import { othersThan, type RealPath } from "./same-port.ts";
import { createSettling } from "./settling.ts";
import type { ReaderSpec } from "./spec.ts";
import type { StationReaders, TapPlace } from "./station-readers.ts";
import { createWizardRun } from "./wizard-run.ts";

/** The panel's actions that are for the readers. */
export type DeskAction = Extract<
  PanelAction,
  {
    kind:
      | "listen"
      | "stop-listening"
      | "assign"
      | "swap"
      | "rename"
      | "set-format"
      | "set-gap"
      | "remove"
      | "test-signal"
      | "start-wizard"
      | "apply-format"
      | "stop-wizard"
      | "dismiss-conflict";
  }
>;

export interface ReadersDesk {
  view(): DeskView;
  /** Resolves when it is done and on disk, or with the reason why not. */
  act(action: DeskAction): Promise<Sentence | null>;
  /**
   * Called after each change of the view, at most ten times a second, until the function given back is called.
   * Somebody who hears is an open panel: only then are devices looked for, and soon after the last has gone, listening
   * and the wizard end. So a panel subscribes as it opens, and nobody subscribes for ever.
   */
  onChange(run: () => void): () => void;
  /** From now on taps go to `take` and are no votes, until the function given back is called. */
  claimTaps(take: (tap: Tap, place: TapPlace) => void): () => void;
  stop(): Promise<void>;
}

export interface DeskSurroundings {
  readers: Pick<
    StationReaders,
    "list" | "holds" | "onChange" | "onCounted" | "signal" | "claimTaps" | "watchTags" | "collisions"
  >;
  mapping: OwnMapping;
  finders: OpenFinders;
  /** Kinds of which every device is taken into use as it comes. */
  takeAll: ReadonlySet<ReaderSpec["kind"]>;
  realPath: RealPath;
  lfBits: () => LfBits;
  wallMs: () => number;
  monotonicMs: () => number;
  setTimer: (run: () => void, delayMs: number) => () => void;
}

/** A page that loses its connection for a moment, or is loaded anew, finds everything as it was. */
export const LINGER_MS = 10_000;
/** As the panel's events: nobody sees more. */
const VIEW_EVERY_MS = 100;

export function createReadersDesk(around: DeskSurroundings): ReadersDesk {
  const { readers, mapping, setTimer } = around;
  const panels = new Set<() => void>();
  let cancelLinger = () => {};
  const toPanels = createPace(
    () => {
      for (const run of panels) run();
    },
    VIEW_EVERY_MS,
    setTimer,
  );
  const changed = () => {
    if (panels.size > 0) toPanels.touch();
  };
  let devices: readonly FoundDevice[] = [];
  const lookout = createLookout(around.finders, () => {
    const specs = readers.list().map(({ spec }) => spec);
    devices = othersThan(specs, lookout.devices(), around.realPath);
    look();
  });
  const ears = createEars({
    listen: lookout.listen,
    onTag: ({ id, name }) => listening.heard({ id, name: ears.at(id)?.found?.title ?? name, inUse: false }),
    onChange: changed,
    monotonicMs: around.monotonicMs,
    setTimer,
  });
  const adoption = createAdoption({ mapping, ears, setTimer });
  const listening = createListeningRun({
    readers,
    ears,
    assign: async (id, target) => (await assign(id, target)) === null,
    wallMs: around.wallMs,
    setTimer,
    onChange: changed,
  });
  const settling = createSettling({ readers, mapping, lfBits: around.lfBits, setTimer });
  const wizard = createWizardRun({ readers, mapping, lfBits: around.lfBits, setTimer, onChange: changed });

  /** A device in use is none to be found. */
  const found = (): readonly FoundDevice[] => devices.filter(({ id }) => !readers.holds(id));
  /** Something was plugged in or out, or came into use, or is no longer in use. */
  const look = () => {
    const free = found();
    ears.devices(free);
    for (const device of free) if (around.takeAll.has(device.kind)) adoption.takeUnasked(device);
    changed();
  };
  const wanted = () => new Set([...around.takeAll, ...(panels.size > 0 ? kindsOf(around.finders) : [])]);
  const assign = async (id: string, target: Target | null): Promise<RefusalWhy | null> => {
    const device = found().find((other) => other.id === id);
    const isHere = mapping.readers().some((reader) => reader.id === id);
    if (!isHere && device === undefined) return "unknown-device";
    const tag = device && ears.at(id)?.last?.tag;
    const refused = device === undefined ? mapping.edit(retarget(id, target)) : await adoption.take(device, target);
    if (refused !== null) return refused;
    if (tag !== undefined) settling.begin(id, tag);
    listening.assigned(id);
    return null;
  };

  const actions = (action: DeskAction): RefusalWhy | null | Promise<RefusalWhy | null> => {
    switch (action.kind) {
      case "listen":
        listening.listen(action.ask, action.target);
        return null;
      case "stop-listening":
        listening.stop();
        return null;
      case "assign":
        return assign(action.id, action.target);
      case "swap":
        return mapping.edit(swapTargets(action.a, action.b));
      case "rename":
        return mapping.edit(rename(action.id, action.name));
      case "set-format":
        return mapping.edit(setFormat(action.id, action.format));
      case "set-gap":
        return mapping.edit(setGap(action.id, action.gapMs));
      case "remove":
        adoption.letGo(action.id);
        return mapping.edit(drop(action.id));
      case "test-signal":
        return readers.signal(action.id, action.signal) ? null : "reader-without-signal";
      case "start-wizard":
        return wizard.start(action.a, action.b);
      case "apply-format":
        return wizard.apply();
      case "stop-wizard":
        wizard.stop();
        return null;
      case "dismiss-conflict":
        mapping.dismissConflict();
        return null;
    }
  };

  const unlisten = [readers.onChange(look), readers.onCounted(changed), mapping.onChange(look)];
  lookout.want(wanted());
  return {
    view: () =>
      deskView({
        readers: readers.list(),
        devices: found(),
        heardAt: ears.at,
        troubles: lookout.troubles(),
        listening: listening.now(),
        wizard: wizard.now(),
        mapping,
        collisions: readers.collisions(),
        nowMs: around.wallMs(),
      }),
    async act(action) {
      const why = await actions(action);
      return why === null ? null : refusal(why);
    },
    onChange(run) {
      const own = () => run();
      panels.add(own);
      cancelLinger();
      lookout.want(wanted());
      return () => {
        if (!panels.delete(own) || panels.size > 0) return;
        cancelLinger();
        cancelLinger = setTimer(() => {
          listening.stop();
          wizard.stop();
          lookout.want(wanted());
        }, LINGER_MS);
      };
    },
    claimTaps: readers.claimTaps,
    async stop() {
      for (const end of unlisten) end();
      cancelLinger();
      listening.stop();
      wizard.stop();
      settling.stop();
      toPanels.stop();
      await ears.stop();
      await lookout.stop();
    },
  };
}

function kindsOf(finders: OpenFinders): ReaderSpec["kind"][] {
  const isKind = (kind: string): kind is ReaderSpec["kind"] => Object.hasOwn(finders, kind);
  return Object.keys(finders).filter(isKind);
}
