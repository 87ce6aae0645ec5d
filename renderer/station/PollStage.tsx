import { useCallback, useMemo } from "react";
import type { ReactElement } from "react";
import type { ScreenPoll, Touch } from "../../shared/events/stream.ts";
import { useWords } from "../ui/words-context.ts";
import { arrange } from "./layout/arrange.ts";
import type { Box } from "./layout/fit-text.ts";
import { useBox } from "./layout/use-box.ts";
import { useRuler } from "./layout/use-ruler.ts";
import { How } from "./How.tsx";
import { Lanes } from "./Lanes.tsx";
import { Mark } from "./Mark.tsx";
import { Notices, noticed } from "./Notices.tsx";
import { Pager } from "./Pager.tsx";
import { Question, useQuestionPx } from "./Question.tsx";
import { pageOf } from "./hold-page.ts";
import { toneOf } from "./outcomes.ts";
import type { KioskState, Picture } from "./step.ts";
import { Title } from "./Title.tsx";
import { takesVotes } from "./troubles.ts";
import { usePage } from "./use-page.ts";
import { Status } from "./Status.tsx";
import { howToVote, mayTouch } from "./touch/touching.ts";

interface PollStageProps {
  picture: Picture;
  line: KioskState["line"];
  poll: ScreenPoll;
  box: Box;
  unit: number;
  type: number;
  onTouch: (touch: Touch) => void;
}

export function PollStage({ picture, line, poll, box, unit, type, onTouch }: PollStageProps): ReactElement {
  const words = useWords();
  const ruler = useRuler();
  const [regionRef, region] = useBox<HTMLElement>();
  const { options } = poll;

  const questionPx = useQuestionPx({ poll, box, unit, type });
  const most = picture.tally === null ? 0 : picture.tally.counts.reduce((sum, count) => sum + count, 0);
  // Room for a digit more than now, so that the lanes are not arranged anew with each vote.
  const votesFor = 10 ** Math.max(3, String(most).length) - 1;
  const arrangement = useMemo(
    () =>
      arrange({
        labels: options.map((option) => ruler.measure(option.label, 620)),
        stamps: Object.values(words.text.outcomes).map((outcome) => ruler.measure(outcome.stamp, 720)),
        shareWidth: Math.max(...[1, 888, 999].map((votes) => ruler.width(words.share(votes, 1000), 740))),
        votesWidth: ruler.width(words.count(words.text.status.votes, votesFor), 450),
        region,
        unit,
        type,
        mostLabelPx: Math.min(3.8 * type, 0.84 * questionPx),
      }),
    [ruler, options, words, votesFor, region, unit, type, questionPx],
  );

  const { shown } = picture.outcomes;
  const { touch } = picture;
  // Whoever is about to touch an answer looks for it: no other voter's outcome turns the page away.
  const [page, turnPage] = usePage(poll.id, touch === null ? shown : [], arrangement, options.length);
  const touchOption = useCallback((option: number) => onTouch({ poll: poll.id, option }), [onTouch, poll.id]);
  // A success has no other place to be seen while its lane is on another page; what needs a sentence goes before it.
  const isElsewhere = (option: number | null): boolean => (pageOf(option, arrangement.perPage) ?? page) !== page;
  const elsewhere = shown.filter((outcome) => !noticed(outcome) && isElsewhere(outcome.option));
  const notices = [...elsewhere, ...shown.filter(noticed)].filter(
    ({ kind }) => touch === null || toneOf(kind) !== "success",
  );
  // Nobody is invited to vote while votes cannot be stored, or while nobody can tell whether they are.
  const isInviting = takesVotes(picture) && line !== "lost";

  return (
    <>
      <header className="head">
        <div className="eyebrow">
          <Title text={picture.title} />
          {picture.tally !== null && <Mark tally={picture.tally} />}
          <Status picture={picture} line={line} />
        </div>
        <Question poll={poll} sizePx={questionPx} />
      </header>
      <main className="region" ref={regionRef}>
        {region.height > 0 && (
          <Lanes
            poll={poll}
            tally={picture.tally}
            outcomes={shown}
            arrangement={arrangement}
            page={page}
            touch={touch}
            onTouch={mayTouch(picture, line) ? touchOption : null}
          />
        )}
      </main>
      <footer className="foot">
        {notices.length > 0 || touch !== null ? (
          <Notices
            outcomes={notices}
            waiting={touch}
            atMost={arrangement.pages > 1 || box.width < box.height ? 1 : 2}
            unit={unit}
            type={type}
          />
        ) : (
          isInviting && <How poll={poll} by={howToVote(picture)} />
        )}
        {arrangement.pages > 1 && (
          <Pager
            page={page}
            pages={arrangement.pages}
            perPage={arrangement.perPage}
            all={options.length}
            onTurn={turnPage}
          />
        )}
      </footer>
    </>
  );
}
