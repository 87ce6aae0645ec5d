import { useEffect, useId, useRef } from "react";
import type { ReactElement, ReactNode } from "react";
import { Sign } from "./Sign.tsx";
import { useText } from "./text/text.ts";

interface DialogProps {
  title: string;
  /** Room for a keyboard. */
  isWide?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A sheet over the room. The browser's own dialog keeps the focus in it, gives it back, and closes on Escape. */
export function Dialog({ title, isWide = false, onClose, children }: DialogProps): ReactElement {
  const { more } = useText();
  const heading = useId();
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      className="op-dialog"
      data-wide={isWide}
      ref={ref}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header>
        <h1 id={heading} dir="auto">
          {title}
        </h1>
        <button type="button" className="op-close" aria-label={more.close} onClick={onClose}>
          <Sign name="close" />
        </button>
      </header>
      <div className="op-dialog-body">{children}</div>
    </dialog>
  );
}
