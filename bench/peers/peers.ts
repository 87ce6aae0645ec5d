/** All of them, and what they found beside a row of ours. */
import { rowOf, type Measured, type Reach, type Row } from "../rows.ts";
import { median, spread } from "../stats.ts";
import { mosquitto } from "./mosquitto.ts";
import { nats } from "./nats.ts";
import type { Peer } from "./peer.ts";
import { postgresql } from "./postgresql.ts";
import { redis } from "./redis.ts";
import { socketIo } from "./socket-io.ts";
import { twisted } from "./twisted.ts";

export const PEERS: readonly Peer[] = [postgresql, redis, nats, mosquitto, socketIo, twisted];

export interface PeersMeasured {
  /** Named like `ingest.durable/postgresql`, with the peer's figure in place of the floor's. */
  rows: Row<string>[];
  notes: string[];
  failed: boolean;
}

/** Each peer that is installed, beside rows that were measured in this run; one after another, after ours. */
export async function measurePeers(
  measured: readonly Measured[],
  tell: (line: string) => void,
  peers: readonly Peer[] = PEERS,
): Promise<PeersMeasured> {
  const found: PeersMeasured = { rows: [], notes: [], failed: false };
  for (const peer of peers) {
    const ours = measured.find(({ name }) => name === peer.row);
    if (ours === undefined) continue;
    const program = peer.find();
    if (program === undefined) {
      found.notes.push(`not run: ${peer.name} (not installed)`);
      continue;
    }
    tell(`${peer.name} …`);
    try {
      const theirs = await peer.measure(program);
      const [{ unit, value, spread: ourSpread }, floor] = [rowOf(ours), median(theirs)];
      found.rows.push({
        name: `${peer.row}/${peer.name}`,
        unit,
        value,
        floor,
        ratio: value / floor,
        spread: ourSpread,
      });
      found.notes.push(
        `${peer.name}: ${theirs.map(Math.round).join(" ")} ${unit}, spread ${Math.round(spread(theirs) * 100)} %`,
      );
    } catch (error) {
      found.failed = true;
      found.notes.push(`failed: ${peer.name} (${error instanceof Error ? error.message : String(error)})`);
    }
  }
  return found;
}

/** What ours is to be beside that peer. */
export function reachBeside({ name }: Row<string>): Reach {
  const peer = PEERS.find(({ row, name: own }) => name === `${row}/${own}`);
  return peer?.atLeast === undefined || peer.atLeast === null ? null : { of: "ratio", atLeast: peer.atLeast };
}
