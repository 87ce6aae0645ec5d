import type { ReactElement } from "react";

/** The event's title, in what room the marks beside it leave. */
export function Title({ text }: { text: string }): ReactElement {
  return (
    <span className="title">
      <span dir="auto">{text}</span>
    </span>
  );
}
