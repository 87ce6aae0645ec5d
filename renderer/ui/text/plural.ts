/** The forms a counted phrase has in some language; `{n}` is the number. Categories are those of Intl.PluralRules. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };
