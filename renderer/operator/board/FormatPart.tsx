import type { ReactElement } from "react";
import { DigitsForm, Technology } from "../../../shared/domain/mapping.ts";
import type { UidFormat } from "../../../shared/domain/mapping.ts";
import type { PanelReader } from "../../../shared/events/operator.ts";
import { Choice } from "../Choice.tsx";
import { usePanel } from "../panel-context.ts";
import { useText } from "../text/text.ts";

/** How the reader's numbers are read; folded away, because the wizard finds it. */
export function FormatPart({ reader: { id, kind, format } }: { reader: PanelReader }): ReactElement {
  const { more } = useText();
  const { act } = usePanel();
  const set = (change: Partial<UidFormat>): void => act({ kind: "set-format", id, format: { ...format, ...change } });
  return (
    <details className="op-part op-fold">
      <summary>
        <h2>{more.format}</h2>
        <span className="op-note">{more.formatDetail}</span>
      </summary>
      <Choice
        legend={more.technology}
        values={Technology.options.map((value) => [value, more.technologies[value]])}
        chosen={format.technology}
        onChoose={(technology) => set({ technology })}
      />
      {kind === "evdev" && (
        <Choice
          legend={more.digits}
          values={DigitsForm.options.map((value) => [value, more.forms[value]])}
          chosen={format.digits}
          onChoose={(digits) => set({ digits })}
        />
      )}
      <Choice
        legend={more.order}
        values={[
          ["forward", more.forward],
          ["reversed", more.reversed],
        ]}
        chosen={format.reversed ? "reversed" : "forward"}
        onChoose={(order) => set({ reversed: order === "reversed" })}
      />
    </details>
  );
}
