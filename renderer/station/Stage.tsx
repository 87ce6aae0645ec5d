import type { ReactElement } from "react";
import type { Touch } from "../../shared/events/stream.ts";
import { useWords } from "../ui/words-context.ts";
import { useBox } from "./layout/use-box.ts";
import { PageMessage } from "./PageMessage.tsx";
import { PollStage } from "./PollStage.tsx";
import type { KioskState, Picture } from "./step.ts";
import { Status } from "./Status.tsx";
import { TestBand } from "./TestBand.tsx";
import { Title } from "./Title.tsx";
import { Strips } from "./Strips.tsx";
import { Notices } from "./Notices.tsx";

// Very long or very wide windows must not blow up the letters: the short side has room for this many units.
const UNITS_ON_SHORT_SIDE = 66;

interface StageProps {
  state: KioskState;
  textScale: number;
  onTouch: (touch: Touch) => void;
  /** A new station is to be set up. */
  onSetUp: () => void;
}

/** All that belongs to the kiosk. One unit follows the stage's own size, so a drawer beside it only makes it smaller. */
export function Stage({ state, textScale, onTouch, onSetUp }: StageProps): ReactElement {
  const [ref, box] = useBox<HTMLDivElement>();
  const unit = Math.min(Math.sqrt(box.width * box.height) / 100, Math.min(box.width, box.height) / UNITS_ON_SHORT_SIDE);
  const { picture } = state;
  return (
    <div
      className="stage"
      ref={ref}
      data-line={state.line}
      data-testing={picture?.testing}
      style={{ "--unit": `${unit}px`, "--type": `${unit * textScale}px` }}
    >
      {unit > 0 && picture === null && <Starting />}
      {unit > 0 && picture !== null && (
        <>
          {picture.testing && <TestBand />}
          <StageBody
            picture={picture}
            line={state.line}
            box={box}
            unit={unit}
            type={unit * textScale}
            onTouch={onTouch}
            onSetUp={onSetUp}
          />
          <Strips picture={picture} line={state.line} />
        </>
      )}
    </div>
  );
}

function Starting(): ReactElement {
  const { text } = useWords();
  return <PageMessage picture="waiting" words={text.pages.starting} />;
}

interface BodyProps extends Pick<StageProps, "onTouch" | "onSetUp"> {
  picture: Picture;
  line: KioskState["line"];
  box: { width: number; height: number };
  unit: number;
  type: number;
}

function StageBody({ picture, line, box, unit, type, onTouch, onSetUp }: BodyProps): ReactElement {
  const { text, say } = useWords();
  const { link, poll } = picture;
  const setUp = picture.setUp === "first-run" ? { words: text.door.button, onPress: onSetUp } : null;
  if (link.state === "enrolling")
    return <PageMessage picture="key" words={text.pages.enrolling} code={link.code} action={setUp} />;
  if (poll !== null) {
    return <PollStage picture={picture} line={line} poll={poll} box={box} unit={unit} type={type} onTouch={onTouch} />;
  }
  if (setUp !== null) return <PageMessage picture="set-up" words={text.pages.firstRun} action={setUp} />;
  if (picture.over) return <PageMessage picture="event-over" words={text.pages.over} />;
  if (link.state === "revoked") return <PageMessage picture="revoked" words={text.pages.revoked} />;
  if (link.state === "refused")
    return <PageMessage picture="refused" words={text.pages.refused} reason={link.reason && say(link.reason)} />;
  return (
    <>
      <header className="eyebrow">
        <Title text={picture.title} />
        <Status picture={picture} line={line} />
      </header>
      <PageMessage picture="badge" words={text.pages.waiting} />
      <footer className="foot">
        <Notices outcomes={picture.outcomes.shown} atMost={2} unit={unit} type={type} />
      </footer>
    </>
  );
}
