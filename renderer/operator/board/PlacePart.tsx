import type { ReactElement } from "react";
import type { PanelReader, PanelState } from "../../../shared/events/operator.ts";
import { fill } from "../../../shared/sentences/fill.ts";
import { useWords } from "../../ui/words-context.ts";
import { Choice } from "../Choice.tsx";
import { usePanel } from "../panel-context.ts";
import { useText } from "../text/text.ts";

interface PlacePartProps {
  reader: PanelReader;
  poll: PanelState["poll"];
}

/** Does the reader stand for its number in every question, or only in the one on the screen? */
export function PlacePart({ reader, poll }: PlacePartProps): ReactElement | null {
  const { more } = useText();
  const words = useWords();
  const { act } = usePanel();
  const { target } = reader;
  if (poll === null || target === null || target.kind === "choose") return null;
  const slot = target.kind === "slot" ? target.slot : target.option;
  if (slot > poll.options.length || (target.kind === "option" && target.poll !== poll.id)) return null;
  return (
    <Choice
      legend={fill(more.place, { n: words.number(slot) })}
      values={[
        ["slot", more.everyPoll],
        ["option", more.thisPoll],
      ]}
      chosen={target.kind}
      onChoose={(kind) =>
        act({
          kind: "assign",
          id: reader.id,
          target: kind === "slot" ? { kind, slot } : { kind, poll: poll.id, option: slot },
        })
      }
    />
  );
}
