/** What would have to be read as HTML first, or is a space that is seldom written. */
const WRITTEN = /[&"'<>\t\n\f\r]/;

/** More are not compared with each other. */
const MAX_CLASSES = 64;

const classesOf = (value: string): readonly string[] => {
  const names: string[] = [];
  for (let from = 0; from < value.length;) {
    const space = value.indexOf(' ', from);
    const end = space < 0 ? value.length : space;
    if (end > from) names.push(value.slice(from, end));
    from = end + 1;
  }
  return names;
};

const isUnique = (name: string, at: number, all: readonly string[]): boolean => all.indexOf(name) === at;

/**
 * The classes by which one value of `class` differs from another: those that go, and those that come behind all that stay. Nothing
 * where that does not say it, or is no shorter than the value.
 */
export const toggledClasses = (before: string, after: string): string | undefined => {
  if (WRITTEN.test(before) || WRITTEN.test(after)) return undefined;
  const [olds, news] = [classesOf(before), classesOf(after)];
  if (Math.max(olds.length, news.length) > MAX_CLASSES) return undefined;
  // One that stands there twice would go by what it says of another one.
  if (!olds.every(isUnique) || !news.every(isUnique)) return undefined;
  const gone: string[] = [];
  let kept = 0;
  for (const name of olds) {
    if (name === news[kept]) kept += 1;
    else gone.push(name);
  }
  // It stands somewhere else.
  if (gone.some((name) => news.includes(name))) return undefined;
  let said = '';
  for (const name of gone) said += said === '' ? name : ` ${name}`;
  for (; kept < news.length; kept += 1) said += said === '' ? news[kept] : ` ${news[kept]}`;
  return said !== '' && said.length < after.length + SPARED ? said : undefined;
};

/** Of an attribute that is written out: its name, and quotes. */
const SPARED = 8;
