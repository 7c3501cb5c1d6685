/** Titles of the tests in a spec, as they are written there; `here` is `it` where what the suite needs is there. */
export const titlesIn = (spec: string): readonly string[] =>
  [...spec.matchAll(/\b(?:it|here)(?:\.each(?:<[^(]*>)?\([^]*?\))?\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g)].map(
    ([, , title]) => title.replace(/\\(.)/g, '$1'),
  );
