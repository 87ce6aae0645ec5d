/** What a scanned code says, if it can be a server's address. The station judges it once more. */

// As long as the station takes; a code can hold thousands of characters.
const LONGEST = 300;

/** Only the part that names the server: the code may be a link to one of its pages. Null for anything else. */
export function scannedAddress(code: string): string | null {
  const text = code.trim();
  if (text.length > LONGEST || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  return url.username === "" && url.password === "" ? url.origin : null;
}
