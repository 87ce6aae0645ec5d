import { useEffect, useState } from "react";
import type { ReactElement } from "react";
import { fill } from "../../../shared/sentences/fill.ts";
import { Sign } from "../Sign.tsx";
import { sayLeft } from "../since.ts";
import { useText } from "../text/text.ts";

/** Too many wrong tries: how long still. Then the station is asked again. */
export function Locked({ waitMs, onOver }: { waitMs: number; onOver: () => void }): ReactElement {
  const { access: text } = useText();
  const [leftMs, setLeftMs] = useState(waitMs);
  useEffect(() => {
    const overMs = performance.now() + waitMs;
    const tell = (): void => setLeftMs(overMs - performance.now());
    tell();
    const ticker = setInterval(tell, 1_000);
    const end = setTimeout(onOver, waitMs);
    return () => {
      clearInterval(ticker);
      clearTimeout(end);
    };
  }, [waitMs, onOver]);
  return (
    <div className="op-centre">
      <span className="op-big" data-tone="calm">
        <Sign name="closed" />
      </span>
      <h1>{text.locked}</h1>
      <p className="op-lead" role="timer">
        {fill(text.lockedDetail, { time: sayLeft(leftMs) })}
      </p>
      <p className="op-note">{text.forgotten}</p>
    </div>
  );
}
