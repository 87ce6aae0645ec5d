import type { ReactElement } from "react";
import type { PanelReader } from "../../../shared/events/operator.ts";
import { fill } from "../../../shared/sentences/fill.ts";
import { useWords } from "../../ui/words-context.ts";
import { usePanel } from "../panel-context.ts";
import type { SignName } from "../pictures.ts";
import { Sign } from "../Sign.tsx";
import { LIT_MS, sayAgo } from "../since.ts";
import { awaitsPlace } from "../step.ts";
import type { PageState } from "../step.ts";
import { useText } from "../text/text.ts";

type Shown = "present" | "lost" | "lit";

const SIGNS: Readonly<Record<Shown, SignName>> = { present: "reader", lost: "reader-lost", lit: "badge" };

interface ReaderCardProps {
  reader: PanelReader;
  page: PageState;
  nowMs: number;
}

/** A reader with its live state, in a picture and in words. Touched, it is in the operator's hand. */
export function ReaderCard({ reader, page, nowMs }: ReaderCardProps): ReactElement {
  const { readers: text } = useText();
  const words = useWords();
  const { send } = usePanel();
  const { lastTapAtMs } = reader;
  const isHeard = awaitsPlace(page)?.id === reader.id;
  const isLit = isHeard || (lastTapAtMs !== null && nowMs - lastTapAtMs < LIT_MS);
  const shown: Shown = isLit ? "lit" : reader.state;
  const taps = reader.taps === 0 ? text.noTaps : words.count(text.taps, reader.taps);
  const ago = lastTapAtMs === null ? null : sayAgo(words.language, nowMs - lastTapAtMs);
  const reason = reader.reason && words.say(reader.reason);
  const spoken = fill(text.readerSpoken, { name: reader.name, state: text.state[shown], taps });
  return (
    <li>
      <button
        type="button"
        className="op-reader"
        data-reader={reader.id}
        data-shown={shown}
        data-moved={page.moved === reader.id}
        aria-pressed={page.hand === reader.id}
        aria-label={reason === null ? spoken : `${spoken}. ${reason}`}
        onClick={() => send({ kind: "touch-reader", id: reader.id })}
      >
        {/* A new tap is a new element: the ring begins again. */}
        {isLit && <span className="op-ring" key={lastTapAtMs ?? 0} aria-hidden="true" />}
        <Sign name={SIGNS[shown]} />
        <span className="op-reader-name" dir="auto">
          {reader.name}
        </span>
        <span className="op-reader-state">
          <b>{text.state[shown]}</b>
          <span>{shown === "present" && ago !== null ? `${taps} · ${ago}` : taps}</span>
          {reader.errors > 0 && (
            <span className="op-reader-errors">
              <Sign name="warn" />
              {words.count(text.errors, reader.errors)}
            </span>
          )}
        </span>
        {reader.state === "lost" && reason !== null && <span className="op-reader-reason">{reason}</span>}
        {reader.flags.map((flag) => (
          <span key={flag} className="op-reader-reason">
            {text.flags[flag]}
          </span>
        ))}
      </button>
    </li>
  );
}
