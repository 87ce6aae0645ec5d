/** The forms a counted phrase has in some language; `{n}` is the number. Categories are those of Intl.PluralRules. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** Puts values into the `{name}` places of a phrase. A place without a value stays as it is. */
export function fill(phrase: string, values: Readonly<Record<string, string | number>>): string {
  return phrase.replaceAll(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}
