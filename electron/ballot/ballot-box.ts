/** From a tap to a ballot on disk: judge it, make the ballot, store it, and only then say so. */
import type { ScreenDisk } from "../../shared/events/stream.ts";
import { encodeRecord, type LogRecord } from "../../shared/domain/record.ts";
import type { Stored } from "../log/station-log.ts";
import type { KnownPoll } from "../picture/picture.ts";
import type { TapPlace } from "../readers/station-readers.ts";
import type { Tap } from "../tap/presence.ts";
import type { Outcomes } from "./outcomes.ts";
import { vote } from "./vote.ts";

export interface BallotBoxSurroundings {
  append: (record: Uint8Array) => Promise<Stored>;
  readerNumber: (identity: string) => Promise<number>;
  tagKey: (uid: Uint8Array) => Uint8Array | undefined;
  /** Milliseconds since the log's opening. */
  logMs: () => number;
  situation: () => { poll: KnownPoll | undefined; online: boolean; shownForMs: number };
  outcomes: Outcomes;
  /** The id of the log that records go to now. */
  log: () => string | undefined;
  onStored: (number: number, kind: LogRecord["kind"]) => void;
  onDisk: (disk: ScreenDisk) => void;
}

export interface BallotBox {
  cast(tap: Tap, place: TapPlace): Promise<void>;
  /** Store a record that is no ballot. True when it is on disk. */
  note(record: LogRecord): Promise<boolean>;
}

/** Taps on their way to the disk at once; above it the disk is as good as dead, and the voter is told. */
const MAX_ON_THE_WAY = 512;

export function createBallotBox(around: BallotBoxSurroundings): BallotBox {
  const { outcomes } = around;
  let onTheWay = 0;

  const store = async (record: LogRecord): Promise<Stored> => {
    const stored = await around.append(encodeRecord(record));
    if (stored.ok) {
      around.onDisk({ state: "good", reason: null });
      around.onStored(stored.number, record.kind);
    } else around.onDisk({ state: "failing", reason: stored.reason });
    return stored;
  };

  return {
    async cast(tap, place) {
      const situation = around.situation();
      const meant = vote({ ...situation, slot: place.slot });
      if (meant.kind === "refusal") return outcomes.refused(meant.why, meant.option, place.name);
      const tagKey = around.tagKey(tap.uid);
      const log = around.log();
      // A poll is known only after enrolment, which also brings the event key and begins the log.
      if (tagKey === undefined || log === undefined) return outcomes.refused("no-open-poll", null, place.name);
      if (onTheWay >= MAX_ON_THE_WAY) return outcomes.refused("not-stored", meant.option, place.name);
      onTheWay += 1;
      try {
        const ms = around.logMs();
        const reader = await around.readerNumber(place.reader);
        const stored = await store({ kind: "ballot", poll: meant.poll, option: meant.option, tagKey, ms, reader });
        if (!stored.ok) return outcomes.refused("not-stored", meant.option, place.name);
        return outcomes.stored(log, stored.number, meant.option, around.situation().online);
      } catch (error) {
        // The reader's number could not be had: the disk, too.
        const reason = error instanceof Error ? error.message : String(error);
        around.onDisk({ state: "failing", reason });
        return outcomes.refused("not-stored", meant.option, place.name);
      } finally {
        onTheWay -= 1;
      }
    },
    note: async (record) => (await store(record)).ok,
  };
}
