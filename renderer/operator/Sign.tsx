import type { ReactElement } from "react";
import { Drawing } from "../ui/Picture.tsx";
import { drawingOf } from "./pictures.ts";
import type { SignName } from "./pictures.ts";

/** A picture of the panel. Says nothing to a screen reader: words always stand beside it. */
export function Sign({ name }: { name: SignName }): ReactElement {
  return <Drawing name={name} path={drawingOf(name)} />;
}
