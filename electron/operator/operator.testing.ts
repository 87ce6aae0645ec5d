/** For tests that need a station's local server and no operator: a door that nobody comes through. For tests only. */
import type { Operator } from "./operator.ts";

export const NO_OPERATOR: Operator = {
  access: () => ({ state: "choose" }),
  enter: async () => ({ kind: "busy" }),
  act: async () => undefined,
  look: () => "out",
  changed: () => {},
  stop: () => {},
};
