/** A code has its entry where it stands in a heading or in the first cell of a table row; prose may mention it freely. */
const ENTRY = /^(?:#{2,6} +|\| *)(?:<a [^>]*><\/a> *)?`?([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)`?(?= *(?:\||$|[—–:(-]))/gm;

const entriesOf = (page: string): readonly string[] => [...page.matchAll(ENTRY)].map(([, code]) => code ?? '');

/** Codes of an `a | b | 'C'` union of string literals, as written in a source file. */
export function codesOfUnion(source: string, type: string): readonly string[] {
  const [, body = ''] = new RegExp(`export type ${type} =([^;]+);`).exec(source) ?? [];
  return [...body.matchAll(/'([A-Z_]+)'/g)].map(([, code]) => code ?? '');
}

/** Codes without an entry, with two, and entries without a code. */
export function compareWithReference(codes: readonly string[], page: string): readonly string[] {
  const entries = entriesOf(page);
  const times = (code: string) => entries.filter((entry) => entry === code).length;
  return [
    ...codes.filter((code) => times(code) === 0).map((code) => `${code} is not in the reference`),
    ...[...new Set(entries)]
      .filter((code) => times(code) > 1)
      .map((code) => `${code} is in the reference ${times(code)} times`),
    ...[...new Set(entries)]
      .filter((code) => !codes.includes(code))
      .map((code) => `${code} is in the reference, but nothing throws it`),
  ];
}
