import type { ReactElement } from "react";
import { Picture } from "../ui/Picture.tsx";
import { useWords } from "../ui/words-context.ts";

/** Above everything, as long as no tap is a vote: nobody may believe that theirs was one. */
export function TestBand(): ReactElement {
  const { text } = useWords();
  return (
    <output className="test-band">
      <Picture name="test-tap" />
      <b>{text.testBand.title}</b>
      <span>{text.testBand.detail}</span>
      <Picture name="test-tap" />
    </output>
  );
}
