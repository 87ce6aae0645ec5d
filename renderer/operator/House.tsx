import { useEffect, useMemo, useRef, useState } from "react";
import type { ReactElement, ReactNode } from "react";
import { AdmitRoom } from "./AdmitRoom.tsx";
import { ReadersRoom } from "./board/ReadersRoom.tsx";
import { CheckRoom } from "./check/CheckRoom.tsx";
import { IdleNotice } from "./IdleNotice.tsx";
import { MoreRoom } from "./MoreRoom.tsx";
import { PathFoot } from "./PathFoot.tsx";
import { Rail } from "./Rail.tsx";
import type { Room } from "./rooms.ts";
import { SheetPlaceContext } from "./sheet-place.ts";
import { ServerRoom } from "./find/ServerRoom.tsx";
import type { PageState, Told } from "./step.ts";
import { Strips } from "./Strips.tsx";
import { TestRoom } from "./TestRoom.tsx";
import { useStationClock } from "./use-clock.ts";

interface HouseProps {
  page: PageState;
  told: Told;
  onLeave: () => void;
}

/** All rooms of the panel, one of them open. */
export function House({ page, told, onLeave }: HouseProps): ReactElement {
  const nowMs = useStationClock(told);
  const [rooms, setRooms] = useState<HTMLElement | null>(null);
  const [over, setOver] = useState<HTMLElement | null>(null);
  const sheets = useMemo(() => (rooms === null || over === null ? null : { rooms, over }), [rooms, over]);
  return (
    <SheetPlaceContext value={sheets}>
      <div className="op-house" data-line={page.line} ref={setRooms}>
        <Rail page={page} state={told.state} onLeave={onLeave} />
        <div className="op-main">
          <Strips page={page} state={told.state} />
          <OpenRoom key={page.room} room={page.room}>
            <RoomBody page={page} told={told} nowMs={nowMs} />
          </OpenRoom>
          {page.onPath && <PathFoot room={page.room} state={told.state} />}
        </div>
      </div>
      <div className="op-over" ref={setOver} />
      <IdleNotice onIdle={onLeave} />
    </SheetPlaceContext>
  );
}

/** Whoever was led here by anything but the rail goes on reading here, also with a keyboard or a screen reader. */
function OpenRoom({ room, children }: { room: Room; children: ReactNode }): ReactElement {
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    const onRail = document.activeElement?.closest(".op-rail") ?? null;
    if (onRail === null) ref.current?.focus();
  }, []);
  return (
    <main className="op-room" data-room={room} ref={ref} tabIndex={-1}>
      {children}
    </main>
  );
}

interface BodyProps {
  page: PageState;
  told: Told;
  nowMs: number;
}

function RoomBody({ page, told: { state }, nowMs }: BodyProps): ReactElement {
  switch (page.room) {
    case "server":
      return <ServerRoom state={state} />;
    case "admit":
      return <AdmitRoom state={state} />;
    case "readers":
      return <ReadersRoom page={page} state={state} nowMs={nowMs} />;
    case "check":
      return <CheckRoom state={state} />;
    case "test":
      return <TestRoom state={state} />;
    case "more":
      return <MoreRoom state={state} />;
  }
}
