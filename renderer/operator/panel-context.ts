import { createContext, use } from "react";
import type { PanelAction } from "../../shared/events/operator.ts";
import type { PageEvent } from "./step.ts";

export interface PanelHands {
  readonly send: (event: PageEvent) => void;
  readonly act: (action: PanelAction) => void;
}

/** What every part of the panel can do. */
export const PanelContext = createContext<PanelHands>({ send: () => {}, act: () => {} });

export function usePanel(): PanelHands {
  return use(PanelContext);
}
