import type { ReactElement } from "react";
import type { NetworkTruth } from "./network-truth.ts";
import { Sign } from "./Sign.tsx";
import type { SignName } from "./pictures.ts";
import { useText } from "./text/text.ts";

const SIGNS: Readonly<Record<"good" | "calm" | "stop", SignName>> = { good: "live", calm: "offline", stop: "refused" };

/** The network in one plain sentence. */
export function NetworkLine({ truth, tone }: { truth: NetworkTruth; tone: "good" | "calm" | "stop" }): ReactElement {
  const { network } = useText();
  const waits = truth === "asking" || truth === "answers" || truth === "enrolling" || truth === "noAddress";
  return (
    <output className="op-network" data-tone={tone} data-truth={truth}>
      <Sign name={waits ? "waiting" : SIGNS[tone]} />
      <span>{network[truth]}</span>
    </output>
  );
}
