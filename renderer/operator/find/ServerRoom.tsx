import { useState } from "react";
import type { ReactElement } from "react";
import type { PanelState } from "../../../shared/events/operator.ts";
import { TextField } from "../keys/TextField.tsx";
import { networkTruth, toneOfTruth } from "../network-truth.ts";
import { NetworkLine } from "../NetworkLine.tsx";
import { usePanel } from "../panel-context.ts";
import { Sign } from "../Sign.tsx";
import { useText } from "../text/text.ts";
import { FoundServers } from "./FoundServers.tsx";
import { Scanner } from "./Scanner.tsx";

/** As long as the station takes. */
const LONGEST_ADDRESS = 300;

/** Where the server is: what is in use and whether it answers, and three ways to name another. */
export function ServerRoom({ state }: { state: PanelState }): ReactElement {
  const { server: text } = useText();
  const { act } = usePanel();
  const [way, setWay] = useState<"list" | "scan" | "type">("list");
  const { address, fixed } = state.server;
  const truth = networkTruth(state);
  const use = (chosen: string): void => {
    act({ kind: "set-server", address: chosen });
    setWay("list");
  };
  if (way === "type" && !fixed) {
    // Alone: the keys need the room.
    return (
      <>
        <h1>{text.type}</h1>
        <TextField
          label={text.field}
          purpose="address"
          start={address ?? ""}
          longest={LONGEST_ADDRESS}
          save={text.save}
          cancel={text.cancel}
          onSave={use}
          onCancel={() => setWay("list")}
        />
      </>
    );
  }
  if (way === "scan" && !fixed) return <Scanner onUse={use} onCancel={() => setWay("list")} />;
  return (
    <>
      <h1>{text.title}</h1>
      <p className="op-lead">{text.detail}</p>
      <section className="op-card op-address">
        <h2>{text.address}</h2>
        <p className="op-address-text" dir={address === null ? undefined : "ltr"} data-none={address === null}>
          {address ?? text.none}
        </p>
        <NetworkLine truth={truth} tone={toneOfTruth(truth)} />
        {fixed && <p className="op-note">{text.fixed}</p>}
      </section>
      {!fixed && (
        <>
          <FoundServers server={state.server} onUse={use} />
          <div className="op-actions">
            <button type="button" className="op-button" onClick={() => setWay("scan")}>
              <Sign name="camera" />
              <span>{text.scan}</span>
            </button>
            <button type="button" className="op-button" onClick={() => setWay("type")}>
              <Sign name="keyboard" />
              <span>{text.type}</span>
            </button>
          </div>
        </>
      )}
    </>
  );
}
