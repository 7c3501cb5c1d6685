/** Titles of the tests in a spec, as they are written there. */
export const titlesIn = (spec: string): readonly string[] =>
  [...spec.matchAll(/\bit(?:\.each(?:<[^(]*>)?\([^]*?\))?\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g)].map(([, , title]) =>
    title.replace(/\\(.)/g, '$1'),
  );
