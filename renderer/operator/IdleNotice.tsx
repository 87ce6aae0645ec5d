import { useLayoutEffect, useRef } from "react";
import type { ReactElement } from "react";
import { fill } from "../../shared/sentences/fill.ts";
import { useWords } from "../ui/words-context.ts";
import { useText } from "./text/text.ts";
import { useIdle } from "./use-idle.ts";

// A visitor must not find these pages open; an operator crawling under a table with a cable must not lose them.
const IDLE_MS = 5 * 60_000;
const WARN_MS = 30_000;

/** Nobody has touched the panel for a while: says so, and then goes back to voting. Any touch is an answer. */
export function IdleNotice({ onIdle }: { onIdle: () => void }): ReactElement | null {
  const leftMs = useIdle(IDLE_MS, WARN_MS, onIdle);
  return leftMs === null ? null : <Warning leftMs={leftMs} />;
}

function Warning({ leftMs }: { leftMs: number }): ReactElement {
  const { idle } = useText();
  const words = useWords();
  const ref = useRef<HTMLDialogElement>(null);
  // Modal, so that it also lies over an open sheet. Of layout: the focus is given back only from what is still on the page.
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog className="op-dialog op-idle" ref={ref} aria-label={idle.title}>
      <h1>{idle.title}</h1>
      <p role="timer">{fill(idle.detail, { n: words.number(Math.ceil(leftMs / 1_000)) })}</p>
      <button type="button" className="op-button" data-strong="true">
        {idle.stay}
      </button>
    </dialog>
  );
}
