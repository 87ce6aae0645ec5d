import type { ReactElement } from "react";
import { PICTURES } from "./pictures.ts";
import type { PictureName } from "./pictures.ts";

/** Says nothing to a screen reader: words always stand beside it. */
export function Picture({ name }: { name: PictureName }): ReactElement {
  return <Drawing name={name} path={PICTURES[name]} />;
}

/** The stroke itself, for rooms that have pictures of their own. */
export function Drawing({ name, path }: { name: string; path: string }): ReactElement {
  return (
    <svg className="picture" data-picture={name} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={path} fill="none" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
