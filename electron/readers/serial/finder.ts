/** Finds serial ports as they come and go, and listens on one to learn what is there. */
import { sameSentence, type Sentence } from "../../../shared/sentences/sentence.ts";
import type { Finder, FinderEvents, FoundDevice, OpenFinder } from "../finder.ts";
import { listenOnPort } from "./listen.ts";
import type { SerialDeps } from "./port.ts";

/** A port as the system lists it. */
export interface ListedPort {
  readonly path: string;
  readonly name: string;
  readonly port: string | null;
  readonly trouble: Sentence | null;
}

/** All ports that are there, or why they cannot be listed at all. */
export type PortList = { ok: true; ports: ListedPort[] } | { ok: false; reason: Sentence };

export interface SerialFinderDeps {
  /** Never rejects. */
  listPorts: () => Promise<PortList>;
  serial: SerialDeps;
}

/** Somebody who plugs a reader in looks up at the screen a second later. */
const LOOK_EVERY_MS = 1_000;
/** Where ports cannot be listed, it may be for a moment, and it may be for good. */
const MAX_LOOK_EVERY_MS = 30_000;
const ID_PREFIX = "serial:";

export function createSerialFinder(deps: () => SerialFinderDeps): OpenFinder {
  return (events) => openFinder(events, deps());
}

function openFinder(events: FinderEvents, deps: SerialFinderDeps): Finder {
  const listening = new Set<() => Promise<void>>();
  let stopped = false;
  let told: { devices: string | undefined; trouble: Sentence | null } = { devices: undefined, trouble: null };
  let cancelTimer = (): void => {};
  let everyMs = LOOK_EVERY_MS;

  function tellDevices(devices: readonly FoundDevice[]): void {
    const shown = JSON.stringify(devices);
    if (shown === told.devices) return;
    told = { ...told, devices: shown };
    events.onDevices(devices);
  }

  function tellTrouble(trouble: Sentence | null): void {
    if (sameSentence(trouble, told.trouble)) return;
    told = { ...told, trouble };
    events.onTrouble(trouble);
  }

  async function look(): Promise<void> {
    const list = await deps.listPorts();
    if (stopped) return;
    everyMs = list.ok ? LOOK_EVERY_MS : Math.min(everyMs * 2, MAX_LOOK_EVERY_MS);
    tellTrouble(list.ok ? null : list.reason);
    tellDevices(list.ok ? list.ports.map(foundDevice) : []);
    cancelTimer = deps.serial.after(everyMs, () => void look());
  }

  void look();
  return {
    kind: "serial",
    listen(device, mayAsk, onHeard) {
      const path = device.id.slice(ID_PREFIX.length);
      const end = listenOnPort(path, mayAsk, onHeard, deps.serial);
      listening.add(end);
      return async () => {
        listening.delete(end);
        await end();
      };
    },
    async stop() {
      stopped = true;
      cancelTimer();
      await Promise.all([...listening].map((end) => end()));
    },
  };
}

/** Which protocol its reader speaks is not known before a tag was heard. */
function foundDevice({ path, name, port, trouble }: ListedPort): FoundDevice {
  return { id: `${ID_PREFIX}${path}`, kind: "serial", name, port, trouble, spec: null };
}
