/** The PC/SC readers that are there, used or not. A card is asked for its UID only where somebody listens. */
import { sameSentence, type Sentence } from "../../../shared/sentences/sentence.ts";
import type { FinderEvents, Finder, FoundDevice, Heard, OpenFinder } from "../finder.ts";
import type { BayView } from "./bay.ts";
import { openPcscReader, type PcscDeps } from "./pcsc-reader.ts";
import { parsePcscSpec, pcscId, pcscSpecText } from "./pcsc-spec.ts";
import type { UsbDevice } from "./sysfs.ts";
import { explainHeld, explainUnusable } from "./trouble.ts";

/** @param deps made when the first finder is opened: nothing of PC/SC is touched before */
export function createPcscFinder(deps: () => PcscDeps): OpenFinder {
  return (events) => openFinder(events, deps());
}

function openFinder(events: FinderEvents, deps: PcscDeps): Finder {
  const listening = new Set<() => Promise<void>>();
  let told = "";
  let trouble: Sentence | null = null;

  const leave = deps.bay.attend((view) => {
    if (view.kind === "starting") return;
    const reason = view.kind === "down" ? view.reason : null;
    if (!sameSentence(reason, trouble)) events.onTrouble(reason);
    trouble = reason;
    const devices = devicesOf(view);
    // Cards come and go without any change of the list.
    const shown = JSON.stringify(devices);
    if (shown !== told) events.onDevices(devices);
    told = shown;
  });

  return {
    kind: "pcsc",
    listen(device, _mayAsk, onHeard) {
      const stop = listen(device, deps, onHeard, () => listening.delete(stop));
      listening.add(stop);
      return stop;
    },
    async stop() {
      leave();
      await Promise.all([...listening].map((stop) => stop()));
    },
  };
}

/** As a reader, so with its retries; only that a tag is heard and not seen. */
function listen(device: FoundDevice, deps: PcscDeps, onHeard: (heard: Heard) => void, onEnd: () => void) {
  const { spec: text } = device;
  const parsed = text === null ? null : parsePcscSpec(text.slice("pcsc:".length));
  if (text === null || parsed === null || !parsed.ok) {
    onHeard({ kind: "trouble", reason: device.trouble ?? explainUnusable(device.name) });
    return async () => onEnd();
  }
  const spec = text;
  let over = false;
  const reader = openPcscReader(
    parsed.value,
    {
      onSighting({ kind, tag }) {
        if (!over && kind === "present") onHeard({ kind: "heard", spec, title: device.name, tag });
      },
      onBadFrame() {},
      onState(state) {
        if (over) return;
        if (state.kind === "present") onHeard({ kind: "listening" });
        else onHeard({ kind: "trouble", reason: state.reason });
      },
    },
    deps,
  );
  return async () => {
    if (over) return;
    over = true;
    onEnd();
    await reader.stop();
  };
}

function devicesOf(view: BayView): FoundDevice[] {
  if (view.kind !== "up") return [];
  const readers = view.readers.map(({ place, title, port }): FoundDevice => ({
    id: pcscId(place),
    kind: "pcsc",
    name: title,
    port,
    trouble: null,
    spec: pcscSpecText(place),
  }));
  return [...readers, ...view.held.map(heldDevice)];
}

/** Its place is what pcscd would make of it; `spec` is null: nothing can be heard there before it is let go. */
function heldDevice({ port, title, heldBy }: UsbDevice): FoundDevice {
  const name = title === "" ? "NFC reader" : title;
  const trouble = explainHeld(name, heldBy ?? "pn533_usb");
  return { id: pcscId(`usb-${port}:${name}`), kind: "pcsc", name, port: `USB ${port}`, trouble, spec: null };
}
