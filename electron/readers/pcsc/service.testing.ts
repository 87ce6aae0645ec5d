/** A PC/SC service that does what it is told. For tests only. */
import type {
  Card,
  CardAnswer,
  CardOpening,
  CardWhy,
  Channel,
  LinkEvents,
  LinkOpening,
  SeenReader,
} from "./service.ts";
import type { ServiceTrouble } from "./trouble.ts";

export interface ServiceDouble {
  openLink(): Promise<LinkOpening>;
  /** The service is not there, until `runs`. */
  down(trouble: ServiceTrouble): void;
  runs(): void;
  /** It dies. */
  die(): void;
  /** What it lists from now on. */
  lists(...readers: SeenReader[]): void;
  channels: Map<string, Channel>;
  /** What the next cards answer, by reader. */
  cards: Map<string, Uint8Array | CardWhy>;
  /** Commands that cards got, and `close`. */
  heard: { reader: string; apdu: Uint8Array | "close" }[];
  opened: number;
  /** Links that nobody has closed. */
  open: number;
}

export function createServiceDouble(): ServiceDouble {
  let trouble: ServiceTrouble | null = null;
  let readers: readonly SeenReader[] = [];
  const watching = new Set<LinkEvents>();

  const double: ServiceDouble = {
    channels: new Map(),
    cards: new Map(),
    heard: [],
    opened: 0,
    open: 0,
    down: (reason) => void (trouble = reason),
    runs: () => void (trouble = null),
    die() {
      for (const events of watching) events.onGone({ kind: "ended" });
    },
    lists(...now) {
      readers = now;
      for (const events of watching) events.onReaders(readers);
    },
    async openLink() {
      if (trouble !== null) return { ok: false, trouble };
      double.opened++;
      double.open++;
      let own: LinkEvents | null = null;
      return {
        ok: true,
        link: {
          watch(events) {
            own = events;
            watching.add(events);
            events.onReaders(readers);
          },
          channelOf: async (name) => double.channels.get(name) ?? { kind: "none" },
          openCard: async (name) => openCard(name),
          close() {
            double.open--;
            if (own !== null) watching.delete(own);
          },
        },
      };
    },
  };

  function openCard(reader: string): CardOpening {
    const answer = double.cards.get(reader);
    if (answer === undefined) return { ok: false, why: "left" };
    if (typeof answer === "string") return { ok: false, why: answer };
    const card: Card = {
      async transmit(apdu): Promise<CardAnswer> {
        double.heard.push({ reader, apdu });
        return { ok: true, bytes: answer };
      },
      close: () => void double.heard.push({ reader, apdu: "close" }),
    };
    return { ok: true, card };
  }
  return double;
}

export function seenReader(name: string, events = 0, present = false): SeenReader {
  return { name, events, present };
}
