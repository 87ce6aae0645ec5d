import { useState } from "react";
import type { ReactElement } from "react";
import { DigitsForm, sameFormat, Technology } from "../../../shared/domain/mapping.ts";
import type { UidFormat } from "../../../shared/domain/mapping.ts";
import type { PanelReader, PanelState } from "../../../shared/events/operator.ts";
import { Choice } from "../Choice.tsx";
import { usePanel } from "../panel-context.ts";
import { useText } from "../text/text.ts";
import { isVoting } from "./format-risk.ts";
import { FormatRisk } from "./FormatRisk.tsx";

interface FormatPartProps {
  reader: PanelReader;
  state: Pick<PanelState, "poll" | "test">;
}

/** How the reader's numbers are read; folded away, because the wizard finds it. */
export function FormatPart({ reader: { id, kind, format }, state }: FormatPartProps): ReactElement {
  const { more } = useText();
  const { act } = usePanel();
  // Chosen in the middle of a vote, and not yet so.
  const [wanted, setWanted] = useState<UidFormat | null>(null);
  const shown = wanted ?? format;
  const choose = (change: Partial<UidFormat>): void => {
    const next = { ...shown, ...change };
    if (sameFormat(next, format)) return setWanted(null);
    if (wanted !== null || isVoting(state)) return setWanted(next);
    return act({ kind: "set-format", id, format: next });
  };
  return (
    <details className="op-part op-fold">
      <summary>
        <h2>{more.format}</h2>
        <span className="op-note">{more.formatDetail}</span>
      </summary>
      <Choice
        legend={more.technology}
        values={Technology.options.map((value) => [value, more.technologies[value]])}
        chosen={shown.technology}
        onChoose={(technology) => choose({ technology })}
      />
      {kind === "evdev" && (
        <Choice
          legend={more.digits}
          values={DigitsForm.options.map((value) => [value, more.forms[value]])}
          chosen={shown.digits}
          onChoose={(digits) => choose({ digits })}
        />
      )}
      <Choice
        legend={more.order}
        values={[
          ["forward", more.forward],
          ["reversed", more.reversed],
        ]}
        chosen={shown.reversed ? "reversed" : "forward"}
        onChoose={(order) => choose({ reversed: order === "reversed" })}
      />
      {wanted !== null && (
        <FormatRisk
          isVoting={isVoting(state)}
          onAnyway={() => {
            act({ kind: "set-format", id, format: wanted });
            setWanted(null);
          }}
          onLeave={() => setWanted(null)}
        />
      )}
    </details>
  );
}
