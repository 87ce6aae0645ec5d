/**
 * NetworkManager over the system bus. Nothing depends on it: where there is no bus, or nobody of that name on it, the hint is
 * "unknown", and it is looked for again for as long as somebody looks.
 */
import type { EventEmitter } from "node:events";
import { DBusError, Message, MessageFlag, systemBus, type MessageBus } from "@jellybrick/dbus-next";
import { backoffMs } from "../../shared/link/backoff.ts";
import { networkHint, type NetworkHint } from "./connectivity.ts";

const NAME = "org.freedesktop.NetworkManager";
const PATH = "/org/freedesktop/NetworkManager";
const DBUS = { destination: "org.freedesktop.DBus", path: "/org/freedesktop/DBus", interface: "org.freedesktop.DBus" };
const PROPERTIES = "org.freedesktop.DBus.Properties";
/** A rule of our own: the client library knows signals only from introspection, and NetworkManager tells of none there. */
const RULES = [
  `type='signal',sender='${NAME}',path='${PATH}',interface='${PROPERTIES}',member='PropertiesChanged'`,
  `type='signal',sender='${DBUS.destination}',interface='${DBUS.interface}',member='NameOwnerChanged',arg0='${NAME}'`,
];
/** Whatever lives on this computer answers within it. */
const ANSWER_MS = 3_000;
/** A bus that dies is told by nobody: the library keeps it to itself. So it is asked now and then. */
const ASK_EVERY_MS = 5_000;

export interface NetworkSurroundings {
  setTimer: (run: () => void, delayMs: number) => () => void;
  setTicker: (run: () => void, everyMs: number) => () => void;
  random: () => number;
  onHint: (hint: NetworkHint) => void;
}

export interface Network {
  hint(): NetworkHint;
  /** Watch it until the function given back is called. Never throws. */
  look(): () => void;
}

/** The bus is that of `DBUS_SYSTEM_BUS_ADDRESS`, else the system's. */
export function createNetwork(around: NetworkSurroundings): Network {
  let hint: NetworkHint = "unknown";
  let attempt = 0;
  const show = (next: NetworkHint) => {
    if (next === hint) return;
    hint = next;
    around.onHint(hint);
  };
  const look = () => {
    let stopped = false;
    let cancel = () => {};
    const begin = () => {
      const close = openWatch(around, {
        onHint(found) {
          attempt = 0;
          show(found);
        },
        onLost() {
          show("unknown");
          if (stopped) return;
          const again = around.setTimer(begin, backoffMs(attempt++, around.random()));
          cancel = again;
        },
      });
      cancel = close;
    };
    begin();
    return () => {
      stopped = true;
      cancel();
    };
  };
  return { hint: () => hint, look };
}

interface WatchEvents {
  onHint(hint: NetworkHint): void;
  /** Once; nothing comes after it. */
  onLost(): void;
}

/** One connection to the bus. */
function openWatch({ setTimer, setTicker }: NetworkSurroundings, { onHint, onLost }: WatchEvents): () => void {
  let over = false;
  let asking = false;
  let askAgain = false;
  let cancelTicker = () => {};
  const gone = Promise.withResolvers<"lost">();
  const bus = systemBus();
  const close = () => {
    over = true;
    // Nobody waits for an answer any more.
    gone.resolve("lost");
    cancelTicker();
    bus.disconnect();
  };
  const lose = () => {
    if (over) return;
    close();
    onLost();
  };
  const call = (message: ConstructorParameters<typeof Message>[0]) =>
    answered(bus.call(new Message({ ...message, flags: MessageFlag.NO_AUTO_START })), gone.promise, setTimer);
  const ask = async (): Promise<void> => {
    askAgain = asking;
    if (asking || over) return undefined;
    asking = true;
    const reply = await call({
      destination: NAME,
      path: PATH,
      interface: PROPERTIES,
      member: "GetAll",
      signature: "s",
      body: [NAME],
    });
    asking = false;
    if (reply === "lost") return lose();
    if (over) return undefined;
    onHint(reply === "refused" ? "unknown" : networkHint(reply.body[0]));
    return askAgain ? ask() : undefined;
  };
  const begin = async () => {
    for (const rule of RULES) {
      const reply = await call({ ...DBUS, member: "AddMatch", signature: "s", body: [rule] });
      if (typeof reply === "string") return lose();
    }
    if (over) return undefined;
    cancelTicker = setTicker(() => void ask(), ASK_EVERY_MS);
    return ask();
  };
  // Kept to the end: what is said after it was closed must not end the program.
  hearErrors(bus, lose);
  bus.on("message", ({ member }) => {
    if (!over && (member === "PropertiesChanged" || member === "NameOwnerChanged")) void ask();
  });
  // Closed before there was anything to close.
  bus.once("connect", () => over && bus.disconnect());
  void answered(greeted(bus), gone.promise, setTimer).then((greeting) => (greeting === "lost" ? lose() : begin()));
  return close;
}

/** The library's types know of no errors, and an error that nobody hears ends the program. */
function hearErrors(bus: EventEmitter, run: () => void): void {
  bus.on("error", run);
}

function greeted(bus: MessageBus): Promise<null> {
  return new Promise((resolve) => void bus.once("connect", () => resolve(null)));
}

/** The answer; "refused" when it is an error, "lost" when none comes. Never rejects. */
async function answered(
  calling: Promise<Message | null>,
  gone: Promise<"lost">,
  setTimer: NetworkSurroundings["setTimer"],
): Promise<Message | "refused" | "lost"> {
  let cancel = () => {};
  const late = new Promise<"lost">((resolve) => (cancel = setTimer(() => resolve("lost"), ANSWER_MS)));
  try {
    return (await Promise.race([calling, gone, late])) ?? "refused";
  } catch (error) {
    // One that came over the bus; any other is of the socket.
    return error instanceof DBusError ? "refused" : "lost";
  } finally {
    cancel();
  }
}
