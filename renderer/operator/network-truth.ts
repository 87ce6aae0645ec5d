/** One plain sentence about the network: the probe of the server is the truth, NetworkManager's word only explains it. */
import type { PanelState } from "../../shared/events/operator.ts";

export type NetworkTruth =
  | "online"
  | "noAddress"
  | "asking"
  | "answers"
  | "enrolling"
  | "refused"
  | "revoked"
  | "other"
  | "noNetwork"
  | "portal"
  | "limited"
  | "silent"
  | "silentUnknown";

export function networkTruth({ server, link, network }: Pick<PanelState, "server" | "link" | "network">): NetworkTruth {
  if (link.state === "online") return "online";
  if (server.address === null) return "noAddress";
  switch (server.probe) {
    case "unknown":
      return "asking";
    case "other":
      return "other";
    case "answers":
      return link.state === "connecting" || link.state === "offline" ? "answers" : link.state;
    case "silent":
      return silence(network.hint);
  }
}

function silence(hint: PanelState["network"]["hint"]): NetworkTruth {
  switch (hint) {
    case "none":
      return "noNetwork";
    case "portal":
    case "limited":
      return hint;
    case "full":
      return "silent";
    case "unknown":
      return "silentUnknown";
  }
}

/** How it looks: a sentence that is fine, one that asks for patience, one that asks for somebody. */
export function toneOfTruth(truth: NetworkTruth): "good" | "calm" | "stop" {
  switch (truth) {
    case "online":
      return "good";
    case "refused":
    case "revoked":
    case "other":
      return "stop";
    case "noAddress":
    case "asking":
    case "answers":
    case "enrolling":
    case "noNetwork":
    case "portal":
    case "limited":
    case "silent":
    case "silentUnknown":
      return "calm";
  }
}
