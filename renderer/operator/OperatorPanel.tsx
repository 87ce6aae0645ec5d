import type { ReactElement } from "react";
import { chooseTextScale } from "../ui/theme.ts";
import "./panel.css";
import "./access/access.css";
import "./keys/keys.css";
import "./find/find.css";
import "./board/board.css";
import "./board/sheet.css";
import "./check/check.css";
import "./check/print.css";
import { Panel } from "./Panel.tsx";
import { stationTransport } from "./transport.ts";

/** The operator's panel, over the whole kiosk page; loaded when somebody asks for it. `onLeave`: back to voting. */
export default function OperatorPanel({ onLeave }: { onLeave: () => void }): ReactElement {
  const textScale = chooseTextScale(new URLSearchParams(location.search).get("text"));
  return <Panel transport={stationTransport} textScale={textScale} onLeave={onLeave} />;
}
