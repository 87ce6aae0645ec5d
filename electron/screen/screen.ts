/**
 * The screen's side of the station: what is shown now, numbered changes, and who looks on. A looker gets a snapshot, then
 * changes; one that comes back with its last id gets only what it missed.
 */
import type { ScreenEvent } from "../../shared/events/stream.ts";

type Snapshot = Extract<ScreenEvent, { kind: "snapshot" }>;
type Change = Exclude<ScreenEvent, { kind: "snapshot" }>;

/** Some seconds of a busy poll: a reload or a hiccup is bridged, a longer absence gets a snapshot. */
const REMEMBERED = 256;
/** One kiosk window, an operator's tablet, a few more; each costs a write per change. */
const MAX_LOOKERS = 64;

interface Looker {
  /** Text of server-sent events. */
  write(text: string): void;
  /** Bytes it has not taken yet. */
  waitingBytes(): number;
}

export interface Screen {
  snapshot(): Snapshot;
  publish(change: Change): void;
  /** Are there as many lookers as may be? */
  full(): boolean;
  lookers(): number;
  /** Begin to tell a looker. */
  join(looker: Looker, lastEventId: string | undefined): Looking;
}

interface Looking {
  /** The looker has taken what was written: if it fell behind, it gets a snapshot now. */
  onRoom(): void;
  leave(): void;
}

/** A looker this far behind is told nothing more until it has caught up; then a snapshot. */
const BEHIND_BYTES = 262_144;

/** @param boot tells this run of the station from others, so that ids of another run are not mistaken for ours */
export function createScreen(boot: string, first: Omit<Snapshot, "kind">): Screen {
  let now: Snapshot = { kind: "snapshot", ...first };
  let sequence = 0;
  const remembered: { sequence: number; text: string }[] = [];
  const lookers = new Map<Looker, { behind: boolean }>();

  const format = (event: ScreenEvent, at: number) =>
    `id: ${boot}-${at}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`;

  return {
    snapshot: () => now,
    publish(change) {
      now = apply(now, change);
      const text = format(change, ++sequence);
      remembered.push({ sequence, text });
      if (remembered.length > REMEMBERED) remembered.shift();
      for (const [looker, state] of lookers) {
        if (looker.waitingBytes() > BEHIND_BYTES) {
          state.behind = true;
          continue;
        }
        looker.write(state.behind ? format(now, sequence) : text);
        state.behind = false;
      }
    },
    lookers: () => lookers.size,
    full: () => lookers.size >= MAX_LOOKERS,
    join(looker, lastEventId) {
      const state = { behind: false };
      lookers.set(looker, state);
      const [, place] = lastEventId?.match(new RegExp(`^${boot}-(\\d{1,15})$`)) ?? [];
      const seen = place === undefined ? Number.NaN : Number(place);
      const oldest = remembered[0]?.sequence ?? sequence + 1;
      if (seen >= oldest - 1 && seen <= sequence) {
        const missed = remembered.filter((event) => event.sequence > seen).map(({ text }) => text);
        looker.write(`:resumed\n\n${missed.join("")}`);
      } else {
        looker.write(format(now, sequence));
      }
      return {
        onRoom() {
          if (!state.behind || looker.waitingBytes() > BEHIND_BYTES) return;
          state.behind = false;
          looker.write(format(now, sequence));
        },
        leave: () => void lookers.delete(looker),
      };
    },
  };
}

function apply(now: Snapshot, change: Change): Snapshot {
  switch (change.kind) {
    case "title":
      return { ...now, title: change.title };
    case "poll":
      return { ...now, poll: change.poll, tally: change.tally };
    case "tally":
      return { ...now, tally: change.tally };
    case "link":
      return { ...now, link: change.link };
    case "disk":
      return { ...now, disk: change.disk };
    case "damage":
      return { ...now, damage: change.damage };
    case "branch":
      return { ...now, branch: change.branch };
    case "over":
      return { ...now, over: change.over };
    case "readers":
      return { ...now, readers: change.readers };
    case "testing":
      return { ...now, testing: change.testing };
    case "set-up":
      return { ...now, setUp: change.setUp };
    case "touch":
      return { ...now, touch: change.touch };
    case "outcome":
      // What happened at a lane a moment ago is not part of what is.
      return now;
  }
}
