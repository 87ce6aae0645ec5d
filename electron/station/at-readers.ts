/** The readers: those of the mapping at work, and the operator's desk to take more into use. */
import { randomBytes } from "node:crypto";
import { createReadersDesk, type ReadersDesk } from "../readers/desk.ts";
import { openReader } from "../readers/drivers.ts";
import { FINDERS } from "../readers/finders.ts";
import type { OwnMapping } from "../readers/mapping-keeper.ts";
import { openMapping, specOf } from "../readers/open-mapping.ts";
import { realPath } from "../readers/real-path.ts";
import { createStationReaders, type StationReaders, type TapPlace } from "../readers/station-readers.ts";
import { createVirtualReaders, VIRTUAL_AT_START, type VirtualReaders } from "../readers/virtual.ts";
import type { Tap } from "../tap/presence.ts";
import type { Ground } from "./ground.ts";
import type { Shown } from "./shown.ts";

export interface AtReaders {
  mapping: OwnMapping;
  readers: StationReaders;
  desk: ReadersDesk;
  /** Demo mode. */
  virtual: VirtualReaders;
}

export function openReaders(
  { options, watch, eventSettings: { lfBits } }: Ground,
  { outcomes, screen }: Pick<Shown, "outcomes" | "screen">,
  onTap: (tap: Tap, place: TapPlace) => void,
): AtReaders {
  const { monotonicMs, wallMs, setTimer } = options.clock;
  const asked = options.demo ? [...options.readers, ...VIRTUAL_AT_START] : options.readers;
  const mapping = openMapping({ directory: options.directory, asked, wallMs, note: watch.note });
  const virtual = createVirtualReaders(mapping, (delayMs, run) => setTimer(run, delayMs));
  const readers = createStationReaders({
    mapping,
    specOf: specOf(options.readers),
    openReader: (spec, events) => (spec.kind === "virtual" ? virtual.open(spec, events) : openReader(spec, events)),
    monotonicMs,
    wallMs,
    setTimer,
    lfBits,
    isVoting() {
      const { poll, testing } = screen.snapshot();
      return !testing && (poll?.state === "open" || poll?.state === "paused");
    },
    secret: randomBytes(4).readUInt32LE(),
    note: watch.note,
    onTap,
    onClaimed: ({ name }) => outcomes.refused("operator-tap", null, name),
    onMisread({ reader, target, name }) {
      outcomes.refused("read-again", target?.kind === "slot" ? target.slot : null, name);
      readers.signal(reader, "bad");
    },
    onReaders: (states) => screen.publish({ kind: "readers", readers: states }),
  });
  const { takeAll } = options;
  const around = { readers, mapping, finders: FINDERS, takeAll, realPath, lfBits, wallMs, monotonicMs, setTimer };
  return { mapping, readers, desk: createReadersDesk(around), virtual };
}
