import { useMemo } from "react";
import type { ReactElement } from "react";
import type { ScreenPoll } from "../../shared/events/stream.ts";
import { fill } from "../../shared/sentences/fill.ts";
import { useWords } from "../ui/words-context.ts";
import { fitText } from "./layout/fit-text.ts";
import type { Box } from "./layout/fit-text.ts";
import type { Ruler } from "./layout/measure.ts";
import { useRuler } from "./layout/use-ruler.ts";

// The question is the largest thing on the screen, but with many answers it leaves them the room.
const MANY = 8;
const VERY_MANY = 24;
const WEIGHT = 720;
// The round's mark as .round in station.css has it: letters, their padding on both sides, and the gap before it.
const ROUND_TYPE = 2.2;
const ROUND_WEIGHT = 640;
const ROUND_PADDING_EM = 1.4;
const ROUND_GAP_UNITS = 2.5;

interface Room {
  poll: ScreenPoll;
  box: Box;
  unit: number;
  type: number;
}

/** How large the question is written, and how wide what stands beside it is. */
export function useQuestionPx({ poll, box, unit, type }: Room): number {
  const words = useWords();
  const ruler = useRuler();
  const { question, options, round } = poll;
  return useMemo(() => {
    const beside = round === 1 ? 0 : roundWidth(ruler, fill(words.text.round, { n: words.number(round) }), unit, type);
    const text = ruler.measure(question, WEIGHT);
    const room = { width: box.width - 8 * unit - beside, height: box.height * 0.2 };
    const most = (options.length > VERY_MANY ? 3.9 : options.length > MANY ? 4.7 : 6.4) * type;
    const oneLine = { width: room.width, height: most * text.lineHeight };
    // A wide screen is low: there a little smaller on one line is better than large on two.
    const wide = box.width > box.height ? fitText(text, oneLine, 0.7 * most, most) : null;
    // At the least size there is always room for 300 characters; a single endless word is broken.
    return wide ?? fitText(text, room, 2.4 * type, most) ?? 2.4 * type;
  }, [ruler, words, question, round, options.length, box.width, box.height, unit, type]);
}

function roundWidth(ruler: Ruler, text: string, unit: number, type: number): number {
  return (ruler.width(text, ROUND_WEIGHT) + ROUND_PADDING_EM) * ROUND_TYPE * type + ROUND_GAP_UNITS * unit;
}

/** The question; and beside it which time it is asked, if not the first. */
export function Question({ poll, sizePx }: { poll: ScreenPoll; sizePx: number }): ReactElement {
  const words = useWords();
  const { lineHeight } = useRuler().measure(poll.question, WEIGHT);
  return (
    <div className="ask">
      <h1 dir="auto" style={{ fontSize: `${sizePx}px`, lineHeight }}>
        {poll.question}
      </h1>
      {poll.round > 1 && (
        <span className="round-place" style={{ height: `${sizePx * lineHeight}px` }}>
          <span className="round">{fill(words.text.round, { n: words.number(poll.round) })}</span>
        </span>
      )}
    </div>
  );
}
