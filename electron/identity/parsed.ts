import { StationUnusable } from "../files/station-unusable.ts";

/** What a file says; throws `StationUnusable` when it says nothing that can be understood. */
export function parsed<Content>(path: string, text: string, parse: (text: string) => Content): Content {
  try {
    return parse(text);
  } catch (error) {
    throw new StationUnusable(
      "data-corrupt",
      `The station's file ${path} is damaged. Put it back from a backup, or move it away and enrol this station again.`,
      { cause: error },
    );
  }
}
