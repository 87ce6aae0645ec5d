import { useState } from "react";
import type { ReactElement } from "react";
import { useText } from "../text/text.ts";
import { PinPad } from "./PinPad.tsx";

type Choosing = { step: "first"; differed: boolean } | { step: "again"; pin: string };

interface NewPinProps {
  /** Why the station did not take the one before. */
  refusal?: string | null;
  onPin: (pin: string) => void;
}

/** A new PIN, typed twice. */
export function NewPin({ refusal = null, onPin }: NewPinProps): ReactElement {
  const { access: text } = useText();
  const [choosing, setChoosing] = useState<Choosing>({ step: "first", differed: false });
  if (choosing.step === "first") {
    return (
      <PinPad
        key="first"
        title={text.choose}
        detail={choosing.differed ? text.differ : (refusal ?? text.chooseDetail)}
        isWrong={choosing.differed || refusal !== null}
        onPin={(pin) => setChoosing({ step: "again", pin })}
      />
    );
  }
  return (
    <PinPad
      key="again"
      title={text.again}
      detail={text.againDetail}
      isWrong={false}
      onPin={(pin) => {
        const same = pin === choosing.pin;
        setChoosing({ step: "first", differed: !same });
        if (same) onPin(pin);
      }}
    />
  );
}
