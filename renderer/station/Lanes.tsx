import type { ReactElement } from "react";
import type { ScreenPoll, ScreenTally, ScreenTouch } from "../../shared/events/stream.ts";
import { fill } from "../../shared/sentences/fill.ts";
import { useWords } from "../ui/words-context.ts";
import { barLengths } from "./bars.ts";
import { Lane } from "./Lane.tsx";
import type { Arrangement } from "./layout/arrange.ts";
import type { ShownOutcome } from "./outcomes.ts";

// Each vote changes all shares a little. A bar moves only by what can be seen, a pixel or two: with 50 answers the other bars
// would else be in motion all the time, which takes most of what a kiosk's processor has to draw with.
const BAR_STEPS = 400;

interface LanesProps {
  poll: ScreenPoll;
  tally: ScreenTally | null;
  outcomes: readonly ShownOutcome[];
  arrangement: Arrangement;
  page: number;
  touch: ScreenTouch;
  /** Null while a touch does nothing. */
  onTouch: ((option: number) => void) | null;
}

/** The answers of one page, in the poll's order whatever the result: people look for the number they remember. */
export function Lanes({ poll, tally, outcomes, arrangement, page, touch, onTouch }: LanesProps): ReactElement {
  const words = useWords();
  const { spoken, status } = words.text;
  const { perPage, columns, rows, lane } = arrangement;
  const bars = tally === null ? null : barLengths(tally.counts);
  const total = tally === null ? 0 : tally.counts.reduce((sum, count) => sum + count, 0);
  const from = page * perPage;
  return (
    <ol
      className="lanes"
      aria-label={spoken.options}
      data-votes-shown={lane.votesPx > 0}
      data-touch={onTouch === null ? undefined : touch?.kind === "tapped" ? "now" : "open"}
      style={{
        gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
        gridTemplateRows: `repeat(${rows}, minmax(0, 1fr))`,
        gap: `${arrangement.gapPx}px`,
        "--pad": `${lane.padPx}px`,
        "--gap": `${lane.gapPx}px`,
        "--chip": `${lane.chipPx}px`,
        "--count": `${lane.countPx}px`,
        "--share-size": `${lane.sharePx}px`,
        "--votes-size": `${lane.votesPx}px`,
        "--stamp-size": `${lane.stampPx}px`,
      }}
    >
      {poll.options.slice(from, from + perPage).map(({ label }, i) => {
        const option = from + i + 1;
        const votes = tally?.counts[option - 1] ?? null;
        const counted = votes === null ? null : words.count(status.votes, votes);
        const said = { option, label, votes: counted ?? "", share: words.spokenShare(votes ?? 0, total) };
        return (
          <Lane
            key={option}
            option={option}
            label={label}
            votes={votes}
            votesText={counted}
            shareText={votes === null ? null : words.share(votes, total)}
            spoken={fill(counted === null ? spoken.laneHidden : spoken.lane, said)}
            bar={bars === null ? null : Math.round((bars[option - 1] ?? 0) * BAR_STEPS) / BAR_STEPS}
            outcome={outcomes.findLast((each) => each.option === option)?.kind ?? null}
            labelPx={arrangement.labels[option - 1]?.sizePx ?? 0}
            labelLines={arrangement.labels[option - 1]?.lines ?? 1}
            direction={words.direction}
            touched={touch?.kind === "touched" && touch.option === option}
            onTouch={onTouch}
          />
        );
      })}
    </ol>
  );
}
