/** What NetworkManager says of the network, as a hint: a server in the same room is often reached where it says "none". */
import * as v from "valibot";
import type { PanelState } from "../../shared/events/operator.ts";

export type NetworkHint = PanelState["network"]["hint"];

/** NMConnectivityState: 0 unknown, 1 none, 2 portal, 3 limited, 4 full (networkmanager.dev, nm-dbus-types). */
const BY_CONNECTIVITY: readonly (NetworkHint | undefined)[] = [undefined, "none", "portal", "limited", "full"];
/** NMState, where connectivity is not looked at: 10 asleep, 20 disconnected, 50 local only, 60 site only, 70 global. */
const BY_STATE: ReadonlyMap<number, NetworkHint> = new Map([
  [10, "none"],
  [20, "none"],
  [50, "limited"],
  [60, "limited"],
  [70, "full"],
]);

const Figure = v.object({ value: v.number() });
const Properties = v.object({ Connectivity: v.optional(Figure), State: v.optional(Figure) });

/** @param properties of org.freedesktop.NetworkManager, by name, as the bus gave them: anything */
export function networkHint(properties: unknown): NetworkHint {
  const read = v.safeParse(Properties, properties);
  if (!read.success) return "unknown";
  const { Connectivity, State } = read.output;
  return BY_CONNECTIVITY[Connectivity?.value ?? 0] ?? BY_STATE.get(State?.value ?? 0) ?? "unknown";
}
