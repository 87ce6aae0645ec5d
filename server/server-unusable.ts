/** Why the server cannot start, in one line with the remedy. */
export class ServerUnusable extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
