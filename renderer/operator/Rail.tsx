import type { ReactElement } from "react";
import type { PanelState } from "../../shared/events/operator.ts";
import { usePanel } from "./panel-context.ts";
import { isDone, PATH, ROOMS } from "./rooms.ts";
import type { Room } from "./rooms.ts";
import { Sign } from "./Sign.tsx";
import type { SignName } from "./pictures.ts";
import type { PageState } from "./step.ts";
import { useText } from "./text/text.ts";

const SIGNS: Readonly<Record<Room, SignName>> = {
  server: "server",
  admit: "key",
  readers: "reader",
  check: "check",
  test: "test",
  more: "more",
};

interface RailProps {
  page: PageState;
  state: PanelState;
  onLeave: () => void;
}

/** The way through the rooms: four steps with a tick for what is done, two rooms more, and the way back to voting. */
export function Rail({ page, state, onLeave }: RailProps): ReactElement {
  const text = useText();
  return (
    <nav className="op-rail" aria-label={text.title}>
      <ol>
        {ROOMS.map((room) => (
          <li key={room}>
            <RailButton room={room} isHere={room === page.room} state={state} />
          </li>
        ))}
      </ol>
      <button type="button" className="op-leave" onClick={onLeave}>
        <Sign name="kiosk" />
        <span>{text.leave}</span>
      </button>
    </nav>
  );
}

function RailButton({ room, isHere, state }: { room: Room; isHere: boolean; state: PanelState }): ReactElement {
  const text = useText();
  const { send } = usePanel();
  const isStep = PATH.some((step) => step === room);
  const done = isDone(room, state);
  return (
    <button type="button" aria-current={isHere ? "page" : undefined} onClick={() => send({ kind: "go", room })}>
      <span className="op-rail-sign">
        <Sign name={SIGNS[room]} />
        {isStep && (
          <span className="op-rail-mark" data-done={done}>
            {done && <Sign name="tick" />}
          </span>
        )}
      </span>
      <span>{text.rooms[room]}</span>
      {isStep && <span className="unseen">{`, ${done ? text.done : text.open}`}</span>}
    </button>
  );
}
