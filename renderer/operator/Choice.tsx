import { useId } from "react";
import type { ReactElement } from "react";

interface ChoiceProps<Value extends string> {
  legend: string;
  values: readonly (readonly [Value, string])[];
  chosen: Value;
  onChoose: (value: Value) => void;
}

/** One of a few, side by side. */
export function Choice<Value extends string>({ legend, values, chosen, onChoose }: ChoiceProps<Value>): ReactElement {
  const name = useId();
  return (
    <fieldset className="op-choices">
      <legend>{legend}</legend>
      {values.map(([value, words]) => (
        <label key={value}>
          <input
            type="radio"
            className="unseen"
            name={name}
            checked={value === chosen}
            onChange={() => onChoose(value)}
          />
          <span dir="auto">{words}</span>
        </label>
      ))}
    </fieldset>
  );
}
