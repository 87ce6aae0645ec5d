import type { ReactElement } from "react";
import type { PanelState } from "../../shared/events/operator.ts";
import { fill } from "../../shared/sentences/fill.ts";
import { useWords } from "../ui/words-context.ts";
import { usePanel } from "./panel-context.ts";
import { isDone, PATH, stepAfter } from "./rooms.ts";
import type { Room } from "./rooms.ts";
import { useText } from "./text/text.ts";

/** Under each step of setting up: how far we are, and on to the next, done or not. */
export function PathFoot({ room, state }: { room: Room; state: PanelState }): ReactElement | null {
  const { path } = useText();
  const words = useWords();
  const { send } = usePanel();
  const at = PATH.findIndex((step) => step === room);
  if (at < 0) return null;
  const done = isDone(room, state);
  const last = stepAfter(room) === null;
  return (
    <footer className="op-path">
      <span className="op-path-dots" aria-hidden="true">
        {PATH.map((step, i) => (
          <i key={step} data-here={i === at} data-done={isDone(step, state)} />
        ))}
      </span>
      <span className="op-path-of">{fill(path.of, { n: words.number(at + 1), all: words.number(PATH.length) })}</span>
      <button type="button" className="op-button" data-strong={done} onClick={() => send({ kind: "next" })}>
        {last && done ? path.finish : done ? path.next : path.skip}
      </button>
    </footer>
  );
}
