import { useEffectEvent, useId, useLayoutEffect, useRef } from "react";
import type { ReactElement, ReactNode } from "react";
import { createPortal } from "react-dom";
import { openSheet, useSheetPlace } from "./sheet-place.ts";
import { Sign } from "./Sign.tsx";
import { useText } from "./text/text.ts";

interface DialogProps {
  title: string;
  /** Room for a keyboard. */
  isWide?: boolean;
  /** Id of the reader that it is about. */
  reader?: string | null;
  onClose: () => void;
  children: ReactNode;
}

/**
 * A sheet over the rooms, which are out of reach meanwhile. It is not modal, for that would put everything else of the page
 * out of reach too: in demo mode the tags that a sheet asks for are held to readers that stand beside the panel.
 */
export function Dialog(props: DialogProps): ReactElement | null {
  const { title, isWide = false, reader = null, onClose, children } = props;
  const { more } = useText();
  const heading = useId();
  const ref = useRef<HTMLDialogElement>(null);
  const place = useSheetPlace();
  const onEscape = useEffectEvent((event: KeyboardEvent) => {
    // Nothing in focus, or something of this sheet: a key that is for what stands beside it, or lies over it, is not ours.
    const isOurs =
      event.target === document.body || (event.target instanceof Node && ref.current?.contains(event.target));
    // A key held down leaves one sheet, not all of them.
    if (event.key === "Escape" && !event.repeat && isOurs === true) onClose();
  });
  // Of layout: the browser gives the focus back only from a sheet that is still on the page.
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (dialog === null || place === null) return undefined;
    const close = openSheet(dialog, place.rooms, reader);
    const keys = new AbortController();
    addEventListener("keydown", onEscape, { signal: keys.signal });
    return () => {
      keys.abort();
      close();
    };
  }, [place, reader]);
  if (place === null) return null;
  return createPortal(
    <dialog className="op-dialog" data-wide={isWide} ref={ref} aria-labelledby={heading}>
      <header>
        <h1 id={heading} dir="auto">
          {title}
        </h1>
        <button type="button" className="op-close" aria-label={more.close} onClick={onClose}>
          <Sign name="close" />
        </button>
      </header>
      <div className="op-dialog-body">{children}</div>
    </dialog>,
    place.over,
  );
}
