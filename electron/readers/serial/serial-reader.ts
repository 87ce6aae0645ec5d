import { type Device, keepConnected } from "../connected-reader.ts";
import type { Reader, ReaderEvents, Signal } from "../driver.ts";
import type { SerialDeps } from "./port.ts";
import { serialProtocol } from "./protocols.ts";
import type { SerialSpec } from "./serial-spec.ts";
import { beginSession, type Session } from "./session.ts";

/** An open port, and what is spoken over it. */
interface Line {
  begin(): void;
  signal(signal: Signal): void;
  close(): Promise<void>;
}

/**
 * A reader on a serial line: bytes from the port into its protocol's decoder, frames out as sightings.
 *
 * It tries for ever, with back-off, until `stop`, and never throws. It writes only to a device that has to be asked, or
 * of which the operator said that it takes lines. The first `onState` comes when the first opening has succeeded or
 * failed, of a device that has to be asked when it answered or did not.
 */
export function openSerialReader(spec: SerialSpec, events: ReaderEvents, deps: SerialDeps): Reader {
  const protocol = serialProtocol(spec.protocol);
  const device: Device<Line> = {
    shownPath: spec.path,
    mustAnswer: protocol.converse !== null,
    locate: async () => ({ look: await deps.lookAtPath(spec.path), path: spec.path }),
    async open(path, { answered, gone }) {
      let session: Session | undefined;
      const opening = await deps.openPort(path, spec.baud, { onBytes: (bytes) => session?.push(bytes), onGone: gone });
      if (!opening.ok) return opening;
      const { port } = opening;
      const told = {
        onSighting: events.onSighting,
        onBadFrame: events.onBadFrame,
        onAnswer: answered,
        onFailure: gone,
      };
      const line: Line = {
        begin: () => void (session = beginSession(protocol, spec.lineBack, port, told, connection.later)),
        signal: (signal) => session?.signal(signal),
        close() {
          session?.end();
          session = undefined;
          return port.close();
        },
      };
      return { ok: true, held: line };
    },
    onState: events.onState,
  };
  const connection = keepConnected(device, deps);
  const signal = (what: Signal): void => connection.held()?.signal(what);
  return {
    id: spec.id,
    name: spec.name,
    signal: protocol.hasLamps || spec.lineBack ? signal : null,
    stop: connection.stop,
  };
}
