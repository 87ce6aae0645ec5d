/**
 * The keyboards that are plugged in, wedges or not: which is which shows when a tag is held to it. Listening takes nothing
 * away from a keyboard, since it may be a person's, and whatever a person types is neither told nor kept (typed-line.ts).
 */
import { sameSentence, type Sentence } from "../../../shared/sentences/sentence.ts";
import { explainTrouble } from "../serial/trouble.ts";
import type { After } from "../driver.ts";
import type { Finder, FinderEvents, FoundDevice, Heard, OpenFinder } from "../finder.ts";
import { evdevId, evdevSpecText, portOf } from "./evdev-spec.ts";
import type { KeyboardEvents, KeyboardHandle, KeyboardOpening } from "./keyboard.ts";
import type { Keyboard } from "./keyboards.ts";
import { NO_EVTEST, NOT_HERE, notPermitted } from "./trouble.ts";
import { createLineReader } from "./typed-line.ts";

/** Soon enough for an operator who looks at the screen after plugging in. */
const LOOK_EVERY_MS = 1_000;

export interface EvdevFinderDeps {
  isLinux: boolean;
  /** The keyboards that are there now. Never rejects. */
  list: () => Promise<Keyboard[]>;
  hasEvtest: () => boolean;
  /** Reads one without taking it away from anybody. Never rejects. */
  listen: (path: string, events: KeyboardEvents) => Promise<KeyboardOpening>;
  after: After;
}

export function createEvdevFinder(deps: EvdevFinderDeps): OpenFinder {
  return (events) => openFinder(events, deps);
}

function openFinder(events: FinderEvents, deps: EvdevFinderDeps): Finder {
  const nodes = new Map<string, string>();
  const listening = new Set<() => Promise<void>>();
  let [told, trouble]: [string, Sentence | null] = ["[]", null];
  let cancel = (): void => {};
  let stopped = false;

  async function look(): Promise<void> {
    const keyboards = await deps.list();
    if (stopped) return;
    nodes.clear();
    for (const { place, node } of keyboards) nodes.set(evdevId(place), node);
    // Somebody without any keyboard needs nothing installed.
    tellTrouble(keyboards.length > 0 && !deps.hasEvtest() ? NO_EVTEST : null);
    const devices = keyboards.map(deviceOf);
    const shown = JSON.stringify(devices);
    if (shown !== told) events.onDevices(devices);
    told = shown;
    // Whoever is told may stop the finder.
    if (!stopped) cancel = deps.after(LOOK_EVERY_MS, () => void look());
  }

  function tellTrouble(reason: Sentence | null): void {
    if (!sameSentence(reason, trouble)) events.onTrouble(reason);
    trouble = reason;
  }

  if (deps.isLinux) void look();
  else events.onTrouble(NOT_HERE);
  return {
    kind: "evdev",
    listen(device, _mayAsk, onHeard) {
      const stop = listen(device, nodes.get(device.id), deps, onHeard, () => listening.delete(stop));
      listening.add(stop);
      return stop;
    },
    async stop() {
      stopped = true;
      cancel();
      await Promise.all([...listening].map((end) => end()));
    },
  };
}

function deviceOf({ place, name, node, readable }: Keyboard): FoundDevice {
  return {
    id: evdevId(place),
    kind: "evdev",
    name,
    port: portOf(place) ?? place,
    trouble: readable ? null : notPermitted(node),
    // A keyboard is no wedge before it has typed a number as one: else somebody's own keyboard would be taken from him.
    spec: null,
  };
}

function listen(
  device: FoundDevice,
  node: string | undefined,
  deps: EvdevFinderDeps,
  onHeard: (heard: Heard) => void,
  onEnd: () => void,
): () => Promise<void> {
  const spec = evdevSpecText(device.id.slice(evdevId("").length));
  const lines = createLineReader();
  let over = false;
  const tell = (heard: Heard) => {
    if (!over) onHeard(heard);
  };
  const fail = (trouble: Parameters<typeof explainTrouble>[1]) =>
    tell({ kind: "trouble", reason: explainTrouble(node ?? device.name, trouble) });

  async function begin(path: string): Promise<KeyboardHandle | null> {
    const opening = await deps.listen(path, {
      onEvents(keys) {
        for (const key of keys) {
          const line = lines.take(key);
          if (line?.kind !== "number") continue;
          const tag = { form: "digits", digits: line.digits, technology: "unknown" } as const;
          tell({ kind: "heard", spec, title: device.name, tag });
        }
      },
      onGone: fail,
    });
    if (opening.ok) tell({ kind: "listening" });
    else fail(opening.trouble);
    return opening.ok ? opening.keyboard : null;
  }

  if (node === undefined) fail({ kind: "missing" });
  const opened = node === undefined ? Promise.resolve(null) : begin(node);
  return async () => {
    if (over) return;
    over = true;
    onEnd();
    await (await opened)?.close();
  };
}
