/** The Node that the project's TypeScript runs on directly, with `node:sqlite` built in. */
const REQUIRED_MAJOR = 24;

/** One line for people when this Node is too old, else `undefined`. `version` is like `v20.11.1`. */
export function nodeComplaint(version: string): string | undefined {
  const major = Number.parseInt(version.replace(/^v/, ""), 10);
  if (major >= REQUIRED_MAJOR) return undefined;
  return `Polling Station needs Node ${REQUIRED_MAJOR} or newer, this is ${version}: run it as "npm run …" after "npm ci", which brings its own Node.`;
}

/** Ends the process with exit code 2 and one line when this Node is too old. */
export function requireNode(): void {
  const complaint = nodeComplaint(process.version);
  if (complaint === undefined) return;
  console.error(complaint);
  process.exit(2);
}
