/** How the station stands to an event. */
import { toHex } from "../../shared/bytes.ts";
import { stationId } from "../../shared/link/handshake.ts";
import { sha256 } from "../log/sha256.ts";
import type { Identity } from "./identity.ts";

export function eventStanding(identity: Identity): "none" | "admitted" | "over" {
  if (identity.enrolment() === undefined) return "none";
  return isOver(identity) ? "over" : "admitted";
}

/** Was the event key destroyed? Then nobody can vote here any more. */
export function isOver(identity: Identity): boolean {
  return identity.enrolment()?.eventKey === null;
}

/** By which an organiser knows this station and its event. */
export function namesOf(identity: Identity): { station: string; event: string | null } {
  const event = identity.enrolment()?.event;
  return { station: toHex(stationId(sha256, identity.key.publicKey)), event: event ? toHex(event) : null };
}
