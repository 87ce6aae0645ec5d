import type { ReactElement } from "react";
import type { PageWords } from "../ui/text/catalogue.ts";
import { Picture } from "../ui/Picture.tsx";
import type { PictureName } from "../ui/pictures.ts";

interface PageMessageProps {
  picture: PictureName;
  words: PageWords;
  /** What the organiser compares; read letter by letter. */
  code?: string | null;
  reason?: string | null;
  /** The one thing to do, if there is one. */
  action?: { words: string; onPress: () => void } | null;
}

/** A whole page with one thing to say. */
export function PageMessage({
  picture,
  words,
  code = null,
  reason = null,
  action = null,
}: PageMessageProps): ReactElement {
  return (
    <main className="page-message">
      <Picture name={picture} />
      <h1>{words.title}</h1>
      {code !== null && (
        <p className="code" dir="ltr">
          {code}
        </p>
      )}
      {reason !== null && <p className="reason">{reason}</p>}
      <p>{words.detail}</p>
      {action !== null && (
        <button type="button" className="act" onClick={action.onPress}>
          {action.words}
        </button>
      )}
    </main>
  );
}
