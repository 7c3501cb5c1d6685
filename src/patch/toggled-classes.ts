const tokensOf = (value: string): readonly string[] => value.match(/\S+/g) ?? [];

/** What would have to be read as HTML first. */
const WRITTEN = /[&"'<>]/;

/**
 * The classes by which one value of `class` differs from another: those that go, and those that come behind all that stay. Nothing
 * where that does not say it, or is no shorter than the value.
 */
export const toggledClasses = (before: string, after: string): string | undefined => {
  if (WRITTEN.test(before) || WRITTEN.test(after)) return undefined;
  const [olds, news] = [new Set(tokensOf(before)), new Set(tokensOf(after))];
  // One that stands there twice would go by what it says of another one.
  if (olds.size < tokensOf(before).length) return undefined;
  const kept = [...olds].filter((name) => news.has(name));
  const gone = [...olds].filter((name) => !news.has(name));
  const come = [...news].filter((name) => !olds.has(name));
  const said = [...gone, ...come].join(' ');
  const isSaid = [...kept, ...come].join(' ') === [...news].join(' ');
  return isSaid && said !== '' && said.length < after.length + SPARED ? said : undefined;
};

/** Of an attribute that is written out: its name, and quotes. */
const SPARED = 8;
