import { useState } from "react";
import type { ReactElement } from "react";
import { fill } from "../../../shared/sentences/fill.ts";
import { Picture } from "../../ui/Picture.tsx";
import { useWords } from "../../ui/words-context.ts";
import { toneOf } from "../outcomes.ts";
import type { Picture as KioskPicture } from "../step.ts";
import { BadgeChoice } from "./BadgeChoice.tsx";
import { newUid } from "./badges.ts";
import { sendTap } from "./send-tap.ts";
import { readersOnTable, showsAt } from "./table.ts";

interface DemoPanelProps {
  picture: KioskPicture;
  /** The operator is at work: readers that stand for no answer are held badges to as well. */
  withAll: boolean;
}

/** The table before a kiosk that has none: badges to take and readers to hold them on. Makes the rest smaller, never covers it. */
export function DemoPanel({ picture, withAll }: DemoPanelProps): ReactElement {
  const { text } = useWords();
  const { demo } = text;
  const [open, setOpen] = useState(true);
  const [uid, setUid] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);
  const readers = readersOnTable(picture.readers, picture.poll?.options.length, withAll);

  const hold = async (slot: number | null): Promise<void> => {
    const badge = uid ?? newUid((bytes) => crypto.getRandomValues(bytes));
    setFailed(!(await sendTap({ slot, uid: badge })));
  };
  const lamp = (reader: number | null): string | undefined => {
    const shown = picture.outcomes.shown.findLast((outcome) => showsAt(outcome, picture.readers, reader));
    return shown === undefined ? undefined : toneOf(shown.kind);
  };

  return (
    <aside className="demo" data-open={open} aria-label={demo.title}>
      <button
        type="button"
        className="demo-fold"
        aria-expanded={open}
        aria-label={open ? `${demo.title}: ${demo.fold}` : demo.unfold}
        onClick={() => setOpen(!open)}
      >
        <Picture name={open ? "fold" : "badge"} />
        <span>{demo.title}</span>
      </button>
      {open && (
        <div className="demo-table">
          <BadgeChoice uid={uid} onTake={setUid} />
          <h2 id="demo-readers">{demo.readers}</h2>
          <ul className="demo-readers" aria-labelledby="demo-readers">
            {readers.map((slot) => (
              <li key={slot}>
                <button
                  type="button"
                  data-slot={slot}
                  data-tone={lamp(slot)}
                  aria-label={fill(demo.reader, { option: slot })}
                  onClick={() => void hold(slot)}
                >
                  <i />
                  {slot}
                </button>
              </li>
            ))}
          </ul>
          <div className="demo-readers demo-one">
            <button type="button" className="demo-choose" data-tone={lamp(null)} onClick={() => void hold(null)}>
              <i />
              <Picture name="touch" />
              {demo.choose}
            </button>
          </div>
          <p className="demo-hint" role={failed ? "alert" : undefined} data-failed={failed}>
            {failed ? demo.failed : demo.hint}
          </p>
        </div>
      )}
    </aside>
  );
}
