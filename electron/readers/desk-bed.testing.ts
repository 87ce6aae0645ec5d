/** For tests only: the desk of an open panel, with a finder that does as it is told. */
import type { Target } from "../../shared/domain/mapping.ts";
import { readersBed, tagOf } from "./bed.testing.ts";
import { createReadersDesk } from "./desk.ts";
import type { FinderEvents, FoundDevice, Heard } from "./finder.ts";
import type { ReaderSpec } from "./spec.ts";

export const A = "serial:/dev/a";
export const B = "serial:/dev/b";
const asked = [`${A}?protocol=rdm6300&slot=1&name=A`, `${B}?protocol=rdm6300&slot=2&name=B`];
export const USB = "serial:/dev/usb1";
export const SPEC = `${USB}?protocol=rdm6300`;
export const CARD = tagOf(0x3c, 0, 0xce, 0x75, 0x4c);
export const slot = (number: number): Target => ({ kind: "slot", slot: number });
export const heardCard: Extract<Heard, { kind: "heard" }> = { kind: "heard", spec: SPEC, title: "RDM6300", tag: CARD };

export const found = (id = USB, more: Partial<FoundDevice> = {}): FoundDevice => ({
  id,
  kind: "serial",
  name: "USB serial adapter",
  port: "hub port 1",
  trouble: null,
  spec: null,
  ...more,
});

/** A finder that does as it is told, and the desk of an open panel. */
export function deskBed({ open = true, takeAll = [] as ReaderSpec["kind"][] } = {}) {
  const bed = readersBed({ asked });
  const finder = {
    running: 0,
    events: null as FinderEvents | null,
    /** Those listened on now, by id. */
    ears: new Map<string, { mayAsk: boolean; say: (heard: Heard) => void }>(),
    /** While a device is being closed. */
    slowClose: null as Promise<void> | null,
  };
  const desk = createReadersDesk({
    readers: bed.readers,
    mapping: bed.mapping,
    finders: {
      serial(events) {
        finder.running++;
        finder.events = events;
        return {
          kind: "serial",
          listen({ id }, mayAsk, say) {
            const ear = { mayAsk, say };
            finder.ears.set(id, ear);
            return async () => {
              if (finder.ears.get(id) === ear) finder.ears.delete(id);
              await finder.slowClose;
            };
          },
          stop() {
            finder.running--;
            return Promise.resolve();
          },
        };
      },
    },
    takeAll: new Set(takeAll),
    // Where a link leads to: the same as A.
    realPath: (path) => (path === "/dev/serial/by-path/usb-2" ? "/dev/a" : path === "/dev/none" ? undefined : path),
    lfBits: () => bed.settings.lfBits,
    wallMs: bed.clock.wallMs,
    monotonicMs: bed.clock.monotonicMs,
    setTimer: bed.clock.setTimer,
  });
  bed.readers.start();
  let told = 0;
  const close = open ? desk.onChange(() => told++) : () => {};
  const at = (id: string) => desk.view().devices.find((device) => device.id === id);
  const targetOf = (id: string) => bed.mapping.now().readers.find((reader) => reader.id === id)?.target;
  const tell = (heard: Heard, id = USB) => finder.ears.get(id)?.say(heard);
  const show = (...devices: FoundDevice[]) => finder.events?.onDevices(devices);
  return { ...bed, finder, desk, close, at, targetOf, tell, show, told: () => told };
}

/** What is waited for in there is done in one turn. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));
