/** What the rest of this room needs of a PC/SC service, whichever it is: pcscd's socket, or pcsc-mini. */
import type { ServiceTrouble } from "./trouble.ts";

/** A reader as the service lists it. */
export interface SeenReader {
  /** The service's name for it now; ends in running numbers that the next one to come may get. */
  readonly name: string;
  /** Comings and goings of cards, 16 bits, then from 0 again. */
  readonly events: number;
  /** Something lies there, whether it answers or not. */
  readonly present: boolean;
}

/** Why a card cannot be spoken with. */
export type CardWhy =
  /** It is not there, or no longer. */
  | "left"
  /** Another program holds the reader for itself alone. */
  | "taken"
  /** This user may not. */
  | "denied"
  /** It is there and does not answer as a card should. */
  | "mute"
  /** The service is gone. */
  | "ended";

export type CardOpening = { ok: true; card: Card } | { ok: false; why: CardWhy };
export type CardAnswer = { ok: true; bytes: Uint8Array } | { ok: false; why: CardWhy };

/** A card that answers. Nothing here rejects; every wait has an end. */
export interface Card {
  transmit(apdu: Uint8Array): Promise<CardAnswer>;
  /** Leaves the card as it is; safe to call twice. */
  close(): void;
}

/** Where the driver says the reader is plugged: its channel, none that it knows, or not to be had now. */
export type Channel = { kind: "channel"; channel: number } | { kind: "none" } | { kind: "not-now" };

export interface LinkEvents {
  /** All readers, at first and at each change. */
  onReaders(readers: readonly SeenReader[]): void;
  /** Once; nothing comes after it. */
  onGone(trouble: ServiceTrouble): void;
}

/** A service that is there. */
export interface PcscLink {
  watch(events: LinkEvents): void;
  openCard(reader: string): Promise<CardOpening>;
  channelOf(reader: string): Promise<Channel>;
  /** No event comes after it. */
  close(): void;
}

export type LinkOpening = { ok: true; link: PcscLink } | { ok: false; trouble: ServiceTrouble };
/** Never rejects, and has an end. */
export type OpenLink = () => Promise<LinkOpening>;
