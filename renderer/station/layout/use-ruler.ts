import { useEffect, useState } from "react";
import { createRuler } from "./measure.ts";
import type { Ruler } from "./measure.ts";

/** The ruler of this page, made anew whenever a font has arrived, as every width is different then. */
export function useRuler(): Ruler {
  const [ruler, setRuler] = useState(createRuler);
  useEffect(() => {
    const renew = (): void => setRuler(createRuler());
    document.fonts.addEventListener("loadingdone", renew);
    return () => document.fonts.removeEventListener("loadingdone", renew);
  }, []);
  return ruler;
}
