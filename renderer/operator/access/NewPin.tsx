import { useState } from "react";
import type { ReactElement } from "react";
import { isWeakPin } from "../../../shared/domain/weak-pin.ts";
import { say } from "../../../shared/sentences/sentence.ts";
import { useWords } from "../../ui/words-context.ts";
import { useText } from "../text/text.ts";
import { PinPad } from "./PinPad.tsx";

/** `fault`: why the one typed before is not taken. */
type Choosing = { step: "first"; fault: "differ" | "weak" | null } | { step: "again"; pin: string };

interface NewPinProps {
  /** Why the station did not take the one before. */
  refusal?: string | null;
  onPin: (pin: string) => void;
}

/** A new PIN, typed twice. */
export function NewPin({ refusal = null, onPin }: NewPinProps): ReactElement {
  const { access: text } = useText();
  const words = useWords();
  const [choosing, setChoosing] = useState<Choosing>({ step: "first", fault: null });
  if (choosing.step === "first") {
    const faults = { differ: text.differ, weak: words.say(say("weak-pin")) };
    const fault = choosing.fault === null ? refusal : faults[choosing.fault];
    return (
      <PinPad
        key="first"
        title={text.choose}
        detail={fault ?? text.chooseDetail}
        isWrong={fault !== null}
        // The station looks as well; but nobody is to type twice what it will not take.
        onPin={(pin) => setChoosing(isWeakPin(pin) ? { step: "first", fault: "weak" } : { step: "again", pin })}
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
        setChoosing({ step: "first", fault: same ? null : "differ" });
        if (same) onPin(pin);
      }}
    />
  );
}
