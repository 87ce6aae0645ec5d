/** What the operator's panel shows of the readers. */
import type { PanelDevice, PanelState } from "../../shared/events/operator.ts";
import { MAX_READERS } from "../../shared/domain/mapping.ts";
import { say } from "../../shared/sentences/sentence.ts";
import type { HeardThere } from "./ears.ts";
import type { FoundDevice } from "./finder.ts";
import { fitName } from "./kept-mapping.ts";
import type { Listening } from "./listening.ts";
import type { KindTrouble } from "./lookout.ts";
import type { OwnMapping } from "./mapping-keeper.ts";
import { DAMAGED_FILE, MAPPING_FILE } from "./mapping-store.ts";
import { lineOf, panelReader } from "./reader-views.ts";
import type { OpenReader } from "./station-readers.ts";
import { seenBy, type Wizard } from "./wizard.ts";

export interface DeskParts {
  readers: readonly OpenReader[];
  devices: readonly FoundDevice[];
  heardAt: (id: string) => HeardThere | undefined;
  troubles: readonly KindTrouble[];
  listening: Listening | null;
  wizard: Wizard | null;
  mapping: Pick<OwnMapping, "now" | "conflict" | "lost">;
  collisions: number;
  nowMs: number;
}

export type DeskView = Pick<
  PanelState,
  "readers" | "devices" | "troubles" | "listening" | "wizard" | "mapping" | "collisions"
>;

export function deskView(parts: DeskParts): DeskView {
  const { listening, wizard, mapping } = parts;
  return {
    readers: parts.readers.map((reader) => panelReader(reader, parts.nowMs)),
    devices: parts.devices.slice(0, MAX_READERS).map((device) => deviceView(device, parts.heardAt(device.id))),
    troubles: [...lostMapping(mapping), ...parts.troubles],
    listening: listening && listeningView(listening),
    wizard: wizard && wizardView(wizard),
    mapping: { revision: mapping.now().revision, conflict: mapping.conflict() },
    collisions: parts.collisions,
  };
}

/** Told until the next start: who assigned readers once wonders where they are. */
function lostMapping({ lost }: DeskParts["mapping"]): DeskView["troubles"] {
  const why = lost();
  return why === null ? [] : [{ kind: null, reason: LOST_MAPPING[why] }];
}

const LOST_MAPPING = {
  damaged: say("mapping-damaged", { file: DAMAGED_FILE }),
  unreadable: say("mapping-unreadable", { file: MAPPING_FILE }),
};

function deviceView({ id, kind, name, port, trouble }: FoundDevice, heard: HeardThere | undefined): PanelDevice {
  return {
    id,
    kind,
    name: lineOf(name),
    port: port === null ? null : lineOf(port),
    trouble: trouble ?? heard?.trouble ?? null,
    listening: heard?.word ?? null,
    found: heard?.found ? lineOf(heard.found.title) : null,
  };
}

function listeningView({ untilMs, target, heard }: Listening): PanelState["listening"] {
  return { untilMs: Math.round(untilMs), target, heard: heard && { ...heard, name: fitName(heard.name) } };
}

function wizardView(wizard: Wizard): PanelState["wizard"] {
  const [a, b] = wizard.readers;
  const { result } = wizard;
  if (result?.kind !== "change") return { readers: [a, b], seen: seenBy(wizard), result };
  const reader = result.side === "a" ? a : b;
  return { readers: [a, b], seen: seenBy(wizard), result: { kind: "change", reader, format: result.format } };
}
