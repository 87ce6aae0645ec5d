import { toHex } from "../../../shared/bytes.ts";
import type { Act } from "./conversation.ts";

/** What a conversation does, in words for a test's expectation. */
export function toldActs(acts: readonly Act[]): string[] {
  return acts.map((act) => {
    switch (act.kind) {
      case "write":
        return toHex(act.bytes);
      case "wait":
        return `${act.timer} ${act.ms}`;
      case "present":
      case "removed":
        return `${act.kind} ${toHex(act.uid)}`;
      case "fails":
        return `fails ${act.trouble.kind}`;
      case "answers":
      case "badFrame":
        return act.kind;
    }
  });
}
