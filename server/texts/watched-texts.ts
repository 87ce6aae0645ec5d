/** A store of words that is watched: whether what was last written there was stored. */
import { TextsFault, type Texts } from "./texts.ts";

/** The same store, and a look at how it is: the fault of the last write, null when there was none. */
export function watchTexts(
  texts: Texts,
  onChange: (fault: TextsFault | null) => void,
): { texts: Texts; fault: () => TextsFault | null } {
  let fault: TextsFault | null = null;
  const become = (next: TextsFault | null) => {
    const changed = (next === null) !== (fault === null);
    fault = next;
    if (changed) onChange(next);
  };
  const watched =
    <Given extends unknown[], Result>(write: (...given: Given) => Result) =>
    (...given: Given): Result => {
      try {
        const result = write(...given);
        become(null);
        return result;
      } catch (error) {
        if (error instanceof TextsFault) become(error);
        throw error;
      }
    };
  return {
    fault: () => fault,
    texts: {
      ...texts,
      putDefinition: watched(texts.putDefinition),
      putReason: watched(texts.putReason),
      setTitle: watched(texts.setTitle),
      setStationName: watched(texts.setStationName),
      putReaderList: watched(texts.putReaderList),
      keepOnlyReaderList: watched(texts.keepOnlyReaderList),
    },
  };
}
