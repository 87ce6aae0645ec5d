import type { ReactElement } from "react";
import type { PanelState } from "../../../shared/events/operator.ts";
import { useWords } from "../../ui/words-context.ts";
import { usePanel } from "../panel-context.ts";
import { layPlaces } from "../places.ts";
import { Sign } from "../Sign.tsx";
import { awaitsPlace } from "../step.ts";
import type { PageState } from "../step.ts";
import { useText } from "../text/text.ts";
import { Devices } from "./Devices.tsx";
import { HandBar } from "./HandBar.tsx";
import { PlaceCard } from "./PlaceCard.tsx";
import { ReaderSheet } from "./ReaderSheet.tsx";
import { useMovedLine } from "./use-place-name.ts";
import { WizardSheet } from "./WizardSheet.tsx";
import { MAX_OPTIONS } from "../../../shared/domain/poll.ts";

// From here on a place is a line rather than a card.
const DENSE_FROM = 13;

interface ReadersRoomProps {
  page: PageState;
  state: PanelState;
  nowMs: number;
}

/** The board of what readers stand for, with the readers in their places; and the devices that are no readers yet. */
export function ReadersRoom({ page, state, nowMs }: ReadersRoomProps): ReactElement {
  const { readers: text } = useText();
  const words = useWords();
  const { send } = usePanel();
  const places = layPlaces(state, page.numbers);
  const answers = places.filter(({ kind }) => kind === "answer");
  const sheetReader = state.readers.find(({ id }) => id === page.sheet?.id);
  // Somebody holds something: what can be touched for it is marked.
  const isWanted = page.hand !== null || awaitsPlace(page) !== null;
  return (
    <div className="op-board">
      <header className="op-board-head">
        <h1 dir="auto">{state.poll?.question ?? text.title}</h1>
        <output className="unseen">{useMovedLine(page, state)}</output>
      </header>
      {state.troubles.map(({ kind, reason }) => (
        <p key={`${kind} ${reason.code}`} className="op-strip" data-tone="calm">
          <Sign name="warn" />
          <span>
            {kind !== null && <b>{text.kinds[kind]}:</b>} {words.say(reason)}
          </span>
        </p>
      ))}
      <Devices page={page} state={state} />
      <ul className="op-places" data-dense={answers.length >= DENSE_FROM} data-wanted={isWanted}>
        {places.map((place) => (
          <PlaceCard key={place.key} place={place} page={page} state={state} nowMs={nowMs} isWanted={isWanted} />
        ))}
      </ul>
      {state.poll === null && answers.length < MAX_OPTIONS && (
        <button type="button" className="op-button op-more-numbers" onClick={() => send({ kind: "more-numbers" })}>
          <Sign name="plus" />
          <span>
            {text.moreNumbers} ({words.number(answers.length + 1)} …)
          </span>
        </button>
      )}
      <HandBar page={page} state={state} nowMs={nowMs} />
      {sheetReader !== undefined && page.sheet?.part === "settings" && (
        <ReaderSheet key={sheetReader.id} reader={sheetReader} state={state} nowMs={nowMs} />
      )}
      {sheetReader !== undefined && page.sheet?.part === "wizard" && <WizardSheet reader={sheetReader} state={state} />}
    </div>
  );
}
