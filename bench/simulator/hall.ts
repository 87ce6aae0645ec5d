/** Thousands of simulated stations in this process, and the timetable of what they do. */
import { sameBytes } from "../../shared/bytes.ts";
import { FRAME, type FrameOf } from "../../shared/link/frames.ts";
import { HEARTBEAT_MS } from "../../shared/link/limits.ts";
import { createFrameMemory } from "./heard-frames.ts";
import { connectSocket, type LinkSocket } from "./link-socket.ts";
import { createProbe } from "./probe.ts";
import { createSeat, type Seat, type SeatSurroundings } from "./seat.ts";
import { stationKey } from "./station-keys.ts";
import { createStation } from "./station.ts";

/** What is due within a second is dealt out in steps: thousands of people do not tap in one instant. */
const STEP_MS = 20;
const STEPS_PER_SECOND = 1_000 / STEP_MS;
/** After a longer stop the steps in between are left out, not made up for. */
const MOST_STEPS_AT_ONCE = STEPS_PER_SECOND;
/** Probe ballots a second: each is heard by every station. */
const PROBES_PER_SECOND = 4;
/** Chunks that one deaf station asks for in a second. */
const WANTS_PER_SECOND = 50;

interface Voting {
  /** First bytes of the hash of its definition. */
  poll: Uint8Array;
  /** The last of them is the probe's. */
  options: number;
  /** Times a second that each station votes, and ballots that it makes each time. */
  perSecond: number;
  atOnce: number;
}

export interface Hall {
  /** Connect these stations; resolves when all of them are online. @param atOnce at most so many in their handshake */
  connect(from: number, count: number, atOnce: number): Promise<void>;
  /** Sockets that say nothing, to a plain WebSocket server; resolves when all are open. */
  connectPlain(count: number, atOnce: number): Promise<void>;
  vote(voting: Voting): void;
  /** Cut the last so many. */
  cut(count: number): void;
  flood(perSecond: number): void;
  deafen(want: Uint8Array | null): void;
  links(): number;
  online(): number;
  waiting(): number;
  close(): void;
}

export function createHall(around: Omit<SeatSurroundings, "decode"> & { seed: string }): Hall {
  const { nowMs, measures, seed, url } = around;
  const surroundings = { ...around, decode: createFrameMemory() };
  const probe = createProbe(nowMs, measures.tallied);
  const seats: Seat[] = [];
  const plain: LinkSocket[] = [];
  let voting: Voting = { poll: new Uint8Array(), options: 0, perSecond: 0, atOnce: 0 };
  let floodPerSecond = 0;
  let want: Uint8Array | null = null;
  let pings = 0;

  const newSeat = (number: number, onMet: () => void): Seat => {
    let seen = 0;
    let met = false;
    const hearProbe = (poll: Uint8Array, count: number | undefined) => {
      if (count !== undefined && sameBytes(poll, voting.poll)) seen = probe.hear(seen, count);
    };
    const station = createStation(stationKey(seed, number), {
      nowMs,
      onOnline() {
        seen = probe.count();
        if (!met) onMet();
        met = true;
      },
      onAcked: measures.acked,
      onPoll: measures.poll,
      onTally: ([, poll, , counts]) => hearProbe(poll, counts[voting.options - 1]),
      onDelta: ([, poll, , , option, count]) => hearProbe(poll, option === voting.options ? count : undefined),
    });
    return createSeat(surroundings, station);
  };
  const cast = ({ station }: Seat, options: readonly number[]) => {
    measures.made(options.length);
    station.vote(voting.poll, options);
  };
  const vote = (seat: Seat, at: number, step: number) => {
    // Away or not: who taps at a station without a link is stored, and sent later. Whoever was never online has no log.
    const { options, perSecond, atOnce } = voting;
    if (perSecond === 0) return;
    if (isDue(step, at, perSecond)) {
      const other = Math.max(1, options - 1);
      cast(
        seat,
        Array.from({ length: atOnce }, (_, ballot) => ((at + step + ballot) % other) + 1),
      );
    }
    if (at === 0 && isDue(step, at, PROBES_PER_SECOND)) {
      probe.cast();
      cast(seat, [options]);
    }
  };
  const misbehave = (seat: Seat, step: number) => {
    if (seat.station.step() !== "online") return;
    for (let sent = 0; sent < floodPerSecond / STEPS_PER_SECOND; sent++) seat.say(ping());
    if (want !== null && isDue(step, 0, WANTS_PER_SECOND)) seat.say([FRAME.want, want]);
  };
  const ping = (): FrameOf<"ping"> => [FRAME.ping, pings++];
  const runStep = (step: number) => {
    for (const [at, seat] of seats.entries()) {
      if ((step + at) % (HEARTBEAT_MS / STEP_MS) === 0) seat.beat();
      vote(seat, at, step);
      misbehave(seat, step);
    }
  };
  let step = 0;
  const beganMs = nowMs();
  const timetable = setInterval(() => {
    const due = Math.floor((nowMs() - beganMs) / STEP_MS);
    step = Math.max(step, due - MOST_STEPS_AT_ONCE);
    while (step < due) runStep(step++);
  }, STEP_MS);

  return {
    connect(from, count, atOnce) {
      const all = Promise.withResolvers<void>();
      let [begun, met] = [0, 0];
      const onMet = () => {
        if (++met === count) all.resolve();
        openNext();
      };
      const openNext = () => {
        if (begun === count) return;
        const seat = newSeat(from + begun++, onMet);
        seats.push(seat);
        seat.open();
      };
      for (let at = 0; at < atOnce; at++) openNext();
      return all.promise;
    },
    connectPlain(count, atOnce) {
      const all = Promise.withResolvers<void>();
      let [begun, opened] = [0, 0];
      const openNext = () => {
        if (begun++ < count) plain.push(connectSocket(url, { onOpen, onMessage: () => {}, onClose: measures.closed }));
      };
      const onOpen = () => {
        measures.opened();
        if (++opened === count) all.resolve();
        else openNext();
      };
      for (let at = 0; at < atOnce; at++) openNext();
      return all.promise;
    },
    vote(next) {
      voting = next;
    },
    cut(count) {
      for (const seat of seats.slice(-count)) seat.cut();
    },
    flood(perSecond) {
      floodPerSecond = perSecond;
      for (const seat of seats) seat.returns(perSecond > 0 ? "at-once" : "back-off");
    },
    deafen(chunk) {
      want = chunk;
      for (const seat of seats) seat.deafen();
    },
    links: () => plain.length + seats.filter((seat) => seat.isOpen()).length,
    online: () => seats.filter(({ station }) => station.step() === "online").length,
    waiting: () => seats.reduce((sum, { station }) => sum + station.waiting(), 0),
    close() {
      clearInterval(timetable);
      for (const seat of seats) seat.leave();
      for (const socket of plain) socket.cut();
    },
  };
}

/** Is it this one's turn in this step, if it has so many a second (at most one a step)? */
function isDue(step: number, at: number, perSecond: number): boolean {
  return (step + at) % Math.max(1, Math.round(STEPS_PER_SECOND / perSecond)) === 0;
}
