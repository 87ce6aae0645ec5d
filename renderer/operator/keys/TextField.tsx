import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { ReactElement } from "react";
import { eraseText, typeText } from "../typing.ts";
import type { Typed } from "../typing.ts";
import { Keyboard } from "./Keyboard.tsx";
import type { KeyPurpose } from "./layouts.ts";

interface TextFieldProps {
  label: string;
  purpose: KeyPurpose;
  start: string;
  longest: number;
  save: string;
  cancel: string;
  onSave: (text: string) => void;
  onCancel: () => void;
}

/** One line of text, with keys on the screen under it; a keyboard that happens to be there works too. */
export function TextField(props: TextFieldProps): ReactElement {
  const { label, purpose, start, longest, save, cancel, onSave, onCancel } = props;
  const [typed, setTyped] = useState<Typed>({ text: start, caret: start.length });
  const { text } = typed;
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  // React would put the caret at the end.
  useLayoutEffect(() => input.current?.setSelectionRange(typed.caret, typed.caret), [typed]);
  const selected = (): [number, number] => [
    input.current?.selectionStart ?? text.length,
    input.current?.selectionEnd ?? text.length,
  ];
  const ready = text.trim() !== "";
  return (
    <form
      className="op-field"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onSave(text.trim());
      }}
    >
      <label>
        <span>{label}</span>
        <input
          ref={input}
          type="text"
          inputMode="none"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          dir={purpose === "address" ? "ltr" : "auto"}
          maxLength={longest}
          value={text}
          onChange={({ target }) =>
            setTyped({ text: target.value, caret: target.selectionStart ?? target.value.length })
          }
        />
      </label>
      <Keyboard
        purpose={purpose}
        onKey={(key) => setTyped(typeText(text, selected(), key, longest))}
        onErase={() => setTyped(eraseText(text, selected()))}
      />
      <div className="op-actions">
        <button type="button" className="op-button" onClick={onCancel}>
          {cancel}
        </button>
        <button type="submit" className="op-button" data-strong="true" aria-disabled={!ready}>
          {save}
        </button>
      </div>
    </form>
  );
}
