import type { ReactElement } from "react";
import { fill } from "../../shared/sentences/fill.ts";
import { Picture } from "../ui/Picture.tsx";
import type { PictureName } from "../ui/pictures.ts";
import { useWords } from "../ui/words-context.ts";
import { troubleOf } from "./troubles.ts";
import type { KioskState, Picture as KioskPicture } from "./step.ts";

// Readers hang on one hub, so they are often lost together; two names lead to the cause, ten would hide the poll.
const READERS_NAMED = 2;

/** What stays wrong, for as long as it does, under the stage and never over it. */
export function Strips({ picture, line }: { picture: KioskPicture; line: KioskState["line"] }): ReactElement {
  const words = useWords();
  const { strips } = words.text;
  const { disk, damage, link, poll } = picture;
  const trouble = troubleOf(picture, words.text);
  const lost = picture.readers.filter((reader) => reader.state === "lost");
  return (
    <div className="strips">
      {line === "lost" && <Strip name="line-lost" tone="calm" text={strips.lineLost} />}
      {disk.state === "failing" && (
        <Strip
          name="not-stored"
          tone="stop"
          text={[strips.disk, disk.reason && words.say(disk.reason)].filter(Boolean).join(" ")}
        />
      )}
      {damage !== null && <Strip name="not-stored" tone="calm" text={strips.damage} />}
      {link.state === "refused" && poll !== null && (
        <Strip
          name="refused"
          tone="calm"
          text={fill(strips.refused, { reason: link.reason ? words.say(link.reason) : "" })}
        />
      )}
      {trouble !== null && (poll !== null || picture.branch !== null) && (
        <Strip name={trouble.name} tone={trouble.tone} text={trouble.text} isSaid />
      )}
      {lost.slice(0, READERS_NAMED).map((reader) => (
        <Strip
          key={reader.id}
          name="reader-lost"
          tone="quiet"
          text={fill(strips.readerLost, { name: reader.name, reason: reader.reason ? words.say(reader.reason) : "" })}
        />
      ))}
      {lost.length > READERS_NAMED && (
        <Strip name="reader-lost" tone="quiet" text={words.count(strips.readersMore, lost.length - READERS_NAMED)} />
      )}
    </div>
  );
}

interface StripProps {
  name: PictureName;
  tone: "quiet" | "calm" | "stop";
  text: string;
  /** The Announcer says it to a screen reader. */
  isSaid?: boolean;
}

function Strip({ name, tone, text, isSaid = false }: StripProps): ReactElement {
  const content = (
    <>
      <Picture name={name} />
      <span>{text}</span>
    </>
  );
  if (isSaid) {
    return (
      <div className="strip" data-strip={name} data-tone={tone} aria-hidden="true">
        {content}
      </div>
    );
  }
  // An alert interrupts a screen reader, an output waits for a pause.
  return tone === "stop" ? (
    <div className="strip" data-strip={name} data-tone={tone} role="alert">
      {content}
    </div>
  ) : (
    <output className="strip" data-strip={name} data-tone={tone}>
      {content}
    </output>
  );
}
