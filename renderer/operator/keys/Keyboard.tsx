import { useState } from "react";
import type { ReactElement } from "react";
import { useWords } from "../../ui/words-context.ts";
import { Sign } from "../Sign.tsx";
import { useText } from "../text/text.ts";
import { layoutsFor } from "./layouts.ts";
import type { KeyPurpose } from "./layouts.ts";

interface KeyboardProps {
  purpose: KeyPurpose;
  onKey: (key: string) => void;
  onErase: () => void;
}

/** Keys large enough for a thumb. Touching one leaves the focus, and so the caret, in the field. */
export function Keyboard({ purpose, onKey, onErase }: KeyboardProps): ReactElement {
  const { keys } = useText();
  const { language } = useWords();
  const layouts = layoutsFor(purpose, language);
  const [at, setAt] = useState(0);
  const [capitals, setCapitals] = useState(false);
  const layout = layouts[at % layouts.length];
  const shown = (key: string): string =>
    capitals && layout?.hasCapitals === true ? key.toLocaleUpperCase(language) : key;
  const press = (key: string): void => {
    onKey(shown(key));
    setCapitals(false);
  };
  const rows = layout?.rows ?? [];
  const erase = (
    <button type="button" className="op-keys-erase" aria-label={keys.erase} onClick={onErase}>
      <Sign name="erase" />
    </button>
  );
  return (
    <fieldset
      className="op-keys"
      dir="ltr"
      aria-label={keys.keyboard}
      onPointerDown={(event) => event.preventDefault()}
    >
      {rows.map((row, i) => (
        <div key={row.join("")} className="op-keys-row">
          {row.map((key) => (
            <button key={key} type="button" data-long={key.length > 1} onClick={() => press(key)}>
              {shown(key)}
            </button>
          ))}
          {/* An address needs no row for the space: every row in sight is worth more. */}
          {purpose === "address" && i === rows.length - 1 && erase}
        </div>
      ))}
      {purpose === "name" && (
        <div className="op-keys-row">
          {layout?.hasCapitals === true && (
            <button
              type="button"
              aria-label={keys.shift}
              aria-pressed={capitals}
              onClick={() => setCapitals(!capitals)}
            >
              <Sign name="shift" />
            </button>
          )}
          {layouts.length > 1 && (
            <button type="button" data-long="true" aria-label={keys.other} onClick={() => setAt(at + 1)}>
              {at % layouts.length === 0 ? "abc" : "ابت"}
            </button>
          )}
          <button type="button" onClick={() => press("-")}>
            -
          </button>
          <button type="button" className="op-keys-space" aria-label={keys.space} onClick={() => press(" ")} />
          <button type="button" onClick={() => press(".")}>
            .
          </button>
          {erase}
        </div>
      )}
    </fieldset>
  );
}
