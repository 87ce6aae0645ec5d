/** From the service's list to readers at their places: asks each new one for its channel, and looks what is plugged there. */
import type { Clock } from "../../clock.ts";
import { placesOf, type Place } from "./identity.ts";
import type { Look } from "./life.ts";
import type { Channel, PcscLink, SeenReader } from "./service.ts";
import type { UsbDevice } from "./sysfs.ts";

export interface PlacedReader extends Place {
  /** The service's name for it now. */
  readonly name: string;
  readonly look: Look;
}

interface PlacingDeps {
  readUsb: () => Promise<readonly UsbDevice[]>;
  clock: Pick<Clock, "setTimer">;
}

export interface Placing {
  take(readers: readonly SeenReader[]): void;
  /** Look again what is plugged in. */
  look(): void;
  stop(): void;
}

interface Known {
  incarnation: number;
  events: number;
  /** Undefined: not asked yet. */
  channel: number | null | undefined;
  place: Place | null;
  tries: number;
}

/** A reader whose place is not to be had (another program has it for itself, `/sys` lags behind) is asked again after so long, */
const AGAIN_MS = 500;
/** so many times; then it is known by its name. */
const MAX_TRIES = 4;
/** The driver knows it by heart; sixteen are asked at once. */
const CHANNEL_WITHIN_MS = 2_000;

/** Over all services of this process, so that no two are taken for one. */
let incarnations = 0;

/** @param publish the readers whose place is known, with what the kernel holds; first when all of the first list are */
export function createPlacing(
  link: PcscLink,
  { readUsb, clock }: PlacingDeps,
  publish: (readers: readonly PlacedReader[], held: readonly UsbDevice[]) => void,
): Placing {
  const known = new Map<string, Known>();
  let listed: readonly SeenReader[] = [];
  let held: readonly UsbDevice[] = [];
  let stopped = false;
  let begun = false;
  let placing = false;
  let cancelAgain = () => {};

  const tell = () => {
    if (stopped || !begun) return;
    const placed = listed.flatMap(({ name, events, present }) => {
      const reader = known.get(name);
      if (reader === undefined || reader.place === null) return [];
      return [{ ...reader.place, name, look: { incarnation: reader.incarnation, events, present } }];
    });
    publish(placed, held);
  };

  /** Those that need a channel or a place; then all places anew, as readers of one device are numbered together. */
  async function placeAll(): Promise<void> {
    const names = listed.map(({ name }) => name);
    await Promise.all(names.map(async (name) => askChannel(name)));
    const devices = await readUsb();
    if (stopped) return;
    held = devices.filter(({ heldBy }) => heldBy !== null);
    const readers = listed.flatMap(({ name }) => {
      const reader = known.get(name);
      return reader?.channel === undefined ? [] : [{ name, channel: reader.channel, reader }];
    });
    const places = placesOf(readers, devices);
    for (const [at, { name, reader }] of readers.entries()) {
      reader.place =
        places[at] ?? (reader.tries < MAX_TRIES ? null : (placesOf([{ name, channel: null }], [])[0] ?? null));
      if (reader.place === null) reader.tries++;
    }
    begun ||= !isOpen();
    tell();
  }
  async function askChannel(name: string): Promise<void> {
    const reader = known.get(name);
    if (reader === undefined || reader.channel !== undefined) return;
    const channel = await channelOf(name);
    if (channel.kind === "channel") reader.channel = channel.channel;
    else if (channel.kind === "none" || ++reader.tries >= MAX_TRIES) reader.channel = null;
  }
  /** A reader that hangs must not keep the others away. */
  async function channelOf(name: string): Promise<Channel> {
    const { promise: late, resolve } = Promise.withResolvers<Channel>();
    const cancel = clock.setTimer(() => resolve({ kind: "not-now" }), CHANNEL_WITHIN_MS);
    const first = await Promise.race([link.channelOf(name), late]);
    cancel();
    return first;
  }
  const isOpen = () =>
    listed.some(({ name }) => {
      const reader = known.get(name);
      return reader !== undefined && reader.place === null;
    });
  /** One at a time; what changed meanwhile is seen by the next. */
  async function work(): Promise<void> {
    if (placing) return;
    placing = true;
    cancelAgain();
    const before = listed;
    await placeAll();
    placing = false;
    if (stopped || !isOpen()) return;
    if (listed.some(({ name }) => !before.some((reader) => reader.name === name))) return work();
    cancelAgain = clock.setTimer(() => void work(), AGAIN_MS);
  }

  return {
    take(readers) {
      listed = readers;
      const isNew = readers.filter((reader) => isAnother(known.get(reader.name), reader));
      for (const { name, events } of isNew) {
        known.set(name, { incarnation: ++incarnations, events, channel: undefined, place: null, tries: 0 });
      }
      for (const { name, events } of readers) {
        const reader = known.get(name);
        if (reader !== undefined) reader.events = events;
      }
      for (const name of known.keys()) if (!readers.some((reader) => reader.name === name)) known.delete(name);
      if (isNew.length > 0 || !begun) void work();
      tell();
    },
    look: () => void work(),
    stop() {
      stopped = true;
      cancelAgain();
    },
  };
}

/** A count that runs backwards is another device's that came under the same name between two looks. */
function isAnother(known: Known | undefined, { events }: SeenReader): boolean {
  if (known === undefined) return true;
  const back = (known.events - events) & 0xffff;
  return back > 0 && back < 0x8000;
}
