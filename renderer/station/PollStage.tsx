import { useMemo } from "react";
import type { ReactElement } from "react";
import type { ScreenPoll } from "../../shared/events/stream.ts";
import { useWords } from "../ui/words-context.ts";
import { arrange } from "./layout/arrange.ts";
import { fitText } from "./layout/fit-text.ts";
import type { Box } from "./layout/fit-text.ts";
import { useBox } from "./layout/use-box.ts";
import { useRuler } from "./layout/use-ruler.ts";
import { How } from "./How.tsx";
import { Lanes } from "./Lanes.tsx";
import { Notices, noticed } from "./Notices.tsx";
import { Pager } from "./Pager.tsx";
import { pageOf } from "./hold-page.ts";
import type { KioskState, Picture } from "./step.ts";
import { usePage } from "./use-page.ts";
import { Status } from "./Status.tsx";

// The question is the largest thing on the screen, but with many answers it leaves them the room.
const MANY = 8;
const VERY_MANY = 24;

interface PollStageProps {
  picture: Picture;
  line: KioskState["line"];
  poll: ScreenPoll;
  box: Box;
  unit: number;
  type: number;
}

export function PollStage({ picture, line, poll, box, unit, type }: PollStageProps): ReactElement {
  const words = useWords();
  const ruler = useRuler();
  const [regionRef, region] = useBox<HTMLElement>();
  const { options, question } = poll;

  const questionPx = useMemo(() => {
    const text = ruler.measure(question, 720);
    const room = { width: box.width - 8 * unit, height: box.height * 0.2 };
    const most = (options.length > VERY_MANY ? 3.9 : options.length > MANY ? 4.7 : 6.4) * type;
    const oneLine = { width: room.width, height: most * text.lineHeight };
    // A wide screen is low: there a little smaller on one line is better than large on two.
    const wide = box.width > box.height ? fitText(text, oneLine, 0.7 * most, most) : null;
    // At the least size there is always room for 300 characters; a single endless word is broken.
    return wide ?? fitText(text, room, 2.4 * type, most) ?? 2.4 * type;
  }, [ruler, question, options.length, box.width, box.height, unit, type]);

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
  const [page, turnPage] = usePage(poll.id, shown, arrangement, options.length);
  // A success has no other place to be seen while its lane is on another page; what needs a sentence goes before it.
  const isElsewhere = (option: number | null): boolean => (pageOf(option, arrangement.perPage) ?? page) !== page;
  const elsewhere = shown.filter((outcome) => !noticed(outcome) && isElsewhere(outcome.option));
  const notices = [...elsewhere, ...shown.filter(noticed)];
  // Nobody is invited to vote while votes cannot be stored, or while nobody can tell whether they are.
  const isInviting = picture.disk.state === "good" && line !== "lost";

  return (
    <>
      <header className="head">
        <div className="eyebrow">
          <span dir="auto">{picture.title}</span>
          <Status picture={picture} line={line} />
        </div>
        <h1 dir="auto" style={{ fontSize: `${questionPx}px`, lineHeight: ruler.measure(question, 720).lineHeight }}>
          {question}
        </h1>
      </header>
      <main className="region" ref={regionRef}>
        {region.height > 0 && (
          <Lanes poll={poll} tally={picture.tally} outcomes={shown} arrangement={arrangement} page={page} />
        )}
      </main>
      <footer className="foot">
        {notices.length > 0 ? (
          <Notices
            outcomes={notices}
            atMost={arrangement.pages > 1 || box.width < box.height ? 1 : 2}
            unit={unit}
            type={type}
          />
        ) : (
          isInviting && <How poll={poll} />
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
