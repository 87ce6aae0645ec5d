import { Component, Suspense, lazy, useState } from "react";
import type { ReactElement, ReactNode } from "react";
import { useWords } from "../../ui/words-context.ts";
import { PageMessage } from "../PageMessage.tsx";

/** The operator's panel over the kiosk, fetched when somebody comes in. The kiosk behind it goes on. */
export function PanelPlace({ onLeave }: { onLeave: () => void }): ReactElement {
  const { text } = useWords();
  // Made anew at each visit: what could not be fetched once is tried again.
  const [OperatorPanel] = useState(() => lazy(() => import("../../operator/OperatorPanel.tsx")));
  return (
    <div className="panel-place">
      <PanelGuard onBroken={onLeave}>
        <Suspense fallback={<PageMessage picture="waiting" words={text.pages.starting} />}>
          <OperatorPanel onLeave={onLeave} />
        </Suspense>
      </PanelGuard>
    </div>
  );
}

/** A panel that cannot be drawn, or fetched, must not take the kiosk with it. */
class PanelGuard extends Component<{ onBroken: () => void; children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };
  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }
  override componentDidCatch(error: unknown): void {
    console.warn("The operator's panel broke down; back to the kiosk.", error);
    this.props.onBroken();
  }
  override render(): ReactNode {
    return this.state.broken ? null : this.props.children;
  }
}
