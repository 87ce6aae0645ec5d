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
  onClose: () => void;
  children: ReactNode;
}

/**
 * A sheet over the rooms, which are out of reach meanwhile. It is not modal, for that would put everything else of the page
 * out of reach too: in demo mode the tags that a sheet asks for are held to readers that stand beside the panel.
 */
export function Dialog({ title, isWide = false, onClose, children }: DialogProps): ReactElement | null {
  const { more } = useText();
  const heading = useId();
  const ref = useRef<HTMLDialogElement>(null);
  const place = useSheetPlace();
  const onEscape = useEffectEvent((event: KeyboardEvent) => {
    // Nothing in focus, or something of this sheet: a key that is for what stands beside it, or lies over it, is not ours.
    const isOurs =
      event.target === document.body || (event.target instanceof Node && ref.current?.contains(event.target));
    if (event.key === "Escape" && isOurs === true) onClose();
  });
  // Of layout: the browser gives the focus back only from a sheet that is still on the page.
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (dialog === null || place === null) return undefined;
    const close = openSheet(dialog, place.rooms);
    const keys = new AbortController();
    addEventListener("keydown", onEscape, { signal: keys.signal });
    return () => {
      keys.abort();
      close();
    };
  }, [place]);
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
