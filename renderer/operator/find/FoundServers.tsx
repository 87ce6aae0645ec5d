import { useEffect, useState } from "react";
import type { ReactElement } from "react";
import type { PanelState } from "../../../shared/events/operator.ts";
import { fill } from "../../../shared/sentences/fill.ts";
import { usePanel } from "../panel-context.ts";
import { Sign } from "../Sign.tsx";
import { useText } from "../text/text.ts";

interface FoundServersProps {
  server: PanelState["server"];
  onUse: (address: string) => void;
}

/** Servers that made themselves known on this network: touching one uses it. Whoever comes in finds them looked for. */
export function FoundServers({ server, onUse }: FoundServersProps): ReactElement {
  const { server: text } = useText();
  const { act } = usePanel();
  const [isNew] = useState(server.found.length === 0 && !server.searching);
  useEffect(() => {
    if (isNew) act({ kind: "search-server" });
  }, [isNew, act]);
  return (
    <section className="op-card">
      <header className="op-row">
        <h2>{text.found}</h2>
        <button type="button" className="op-button" onClick={() => act({ kind: "search-server" })}>
          <Sign name="read-again" />
          <span>{text.search}</span>
        </button>
      </header>
      <ul className="op-found">
        {server.found.map(({ address, name }) => (
          <li key={address}>
            <button
              type="button"
              className="op-choice"
              aria-current={address === server.address}
              aria-label={`${fill(text.use, { name })}, ${address}`}
              onClick={() => onUse(address)}
            >
              <Sign name={address === server.address ? "tick" : "server"} />
              <b dir="auto">{name}</b>
              <span dir="ltr">{address}</span>
            </button>
          </li>
        ))}
      </ul>
      {server.searching ? (
        <output className="op-wait">
          <Sign name="waiting" />
          <span>{text.searching}</span>
        </output>
      ) : (
        server.found.length === 0 && <p className="op-note">{text.foundNone}</p>
      )}
    </section>
  );
}
