/** Why a station cannot start, in words that name the cause and the remedy. */
export class StationUnusable extends Error {
  readonly code:
    | "data-directory"
    | "data-in-use"
    | "data-corrupt"
    | "data-foreign"
    | "data-too-new"
    | "key-sealed"
    | "port-in-use"
    | "no-page";

  constructor(code: StationUnusable["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
