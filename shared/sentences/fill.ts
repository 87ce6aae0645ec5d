/** Puts values into the `{name}` places of a phrase. A place without a value stays as it is. */
export function fill(phrase: string, values: Readonly<Record<string, string | number>>): string {
  return phrase.replaceAll(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}
