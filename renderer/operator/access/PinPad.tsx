import { useEffect, useId, useRef, useState } from "react";
import type { ReactElement } from "react";
import { PIN_DIGITS } from "../../../shared/events/operator.ts";
import { useWords } from "../../ui/words-context.ts";
import { Sign } from "../Sign.tsx";
import { useText } from "../text/text.ts";

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;
const [FEWEST, MOST] = PIN_DIGITS;

interface PinPadProps {
  title: string;
  detail: string;
  isWrong: boolean;
  onPin: (pin: string) => void;
}

/** Digits as on a telephone, in every language from left to right. A keyboard that happens to be there works too. */
export function PinPad({ title, detail, isWrong, onPin }: PinPadProps): ReactElement {
  const { access: text, keys } = useText();
  const words = useWords();
  const [pin, setPin] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const note = useId();
  useEffect(() => input.current?.focus(), []);
  const add = (digit: string): void => setPin((typed) => (typed + digit).slice(0, MOST));
  const ready = pin.length >= FEWEST;
  return (
    <form
      className="op-pin"
      onSubmit={(event) => {
        event.preventDefault();
        if (!ready) return;
        setPin("");
        onPin(pin);
      }}
    >
      <h1>{title}</h1>
      <p className="op-lead" id={note} data-wrong={isWrong} role={isWrong ? "alert" : undefined}>
        {isWrong && <Sign name="warn" />}
        <span dir="auto">{detail}</span>
      </p>
      <div className="op-pin-field">
        <input
          ref={input}
          type="password"
          // No keyboard of the system slides over our own.
          inputMode="none"
          autoComplete="off"
          aria-label={text.pin}
          aria-describedby={note}
          value={pin}
          onChange={(event) => setPin(event.target.value.replaceAll(/[^0-9]/g, "").slice(0, MOST))}
        />
        <span className="op-pin-dots" aria-hidden="true">
          {Array.from({ length: Math.max(FEWEST, pin.length) }, (_, at) => (
            <i key={at} data-full={at < pin.length} />
          ))}
        </span>
        <output className="unseen">{words.count(text.digits, pin.length)}</output>
      </div>
      <div className="op-pad" dir="ltr">
        {DIGITS.map((digit) => (
          <button key={digit} type="button" onClick={() => add(digit)}>
            {digit}
          </button>
        ))}
        <button type="button" aria-label={keys.erase} onClick={() => setPin((typed) => typed.slice(0, -1))}>
          <Sign name="erase" />
        </button>
        <button type="button" onClick={() => add("0")}>
          0
        </button>
        <button type="submit" className="op-pad-ok" data-ready={ready} aria-label={text.ok} aria-disabled={!ready}>
          <Sign name="tick" />
        </button>
      </div>
    </form>
  );
}
