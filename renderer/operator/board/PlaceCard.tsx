import type { ReactElement } from "react";
import type { Target } from "../../../shared/domain/mapping.ts";
import type { PanelState } from "../../../shared/events/operator.ts";
import { fill } from "../../../shared/sentences/fill.ts";
import { useWords } from "../../ui/words-context.ts";
import { usePanel } from "../panel-context.ts";
import type { Place } from "../places.ts";
import { Sign } from "../Sign.tsx";
import type { PageState } from "../step.ts";
import { useText } from "../text/text.ts";
import { ReaderCard } from "./ReaderCard.tsx";

// As on the kiosk's lanes: the same number has the same hue on both.
const HUES = 6;

interface PlaceCardProps {
  place: Place;
  page: PageState;
  state: PanelState;
  nowMs: number;
  /** A touch would put a reader here. */
  isWanted: boolean;
}

/** One answer, or one of the other places, with its readers. Touched, it takes what is in hand, or listens for a tap. */
export function PlaceCard({ place, page, state, nowMs, isWanted }: PlaceCardProps): ReactElement | null {
  const { readers: text } = useText();
  const words = useWords();
  const { send } = usePanel();
  const { kind, slot } = place;
  // Nothing can be put there, and with nothing in it there is nothing to see.
  if (kind === "none" && place.readers.length === 0 && !isWanted) return null;
  const name =
    slot === null
      ? text[kind === "answer" ? "title" : kind]
      : (place.label ?? fill(text.answer, { n: words.number(slot) }));
  const canTake = kind !== "elsewhere" && (kind !== "none" || isWanted);
  const isAwaited = place.target !== null && sameTarget(place.target, state.listening?.target ?? null);
  const spoken = fill(text.lane, {
    place: slot === null ? name : `${words.number(slot)} ${name}`,
    n: place.readers.length,
  });
  const head = (
    <>
      <span className="op-chip" aria-hidden="true">
        {slot === null ? (
          <Sign name={kind === "choose" ? "touch" : kind === "none" ? "unassigned" : "earlier"} />
        ) : (
          words.number(slot)
        )}
      </span>
      <span className="op-place-name" dir="auto">
        {name}
      </span>
    </>
  );
  return (
    <li
      className="op-place"
      data-kind={kind}
      data-place={place.key}
      data-empty={place.readers.length === 0}
      data-awaited={isAwaited}
      style={{ "--hue": slot === null ? "var(--ink-soft)" : `var(--hue-${((slot - 1) % HUES) + 1})` }}
    >
      {canTake ? (
        <button
          type="button"
          className="op-place-head"
          aria-label={isWanted ? `${text.put}: ${spoken}` : spoken}
          onClick={() => send({ kind: "touch-place", target: place.target })}
        >
          {head}
          {isWanted && <Sign name="plus" />}
        </button>
      ) : (
        <div className="op-place-head">{head}</div>
      )}
      <ul className="op-readers">
        {place.readers.map((reader) => (
          <ReaderCard key={reader.id} reader={reader} page={page} nowMs={nowMs} />
        ))}
      </ul>
    </li>
  );
}

function sameTarget(a: Target, b: Target | null): boolean {
  return b !== null && JSON.stringify(a) === JSON.stringify(b);
}
