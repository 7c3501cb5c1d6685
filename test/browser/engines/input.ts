/** What a person does with keyboard and mouse, one thing at a time; places are of the viewport. */
export type Input =
  | { readonly does: 'keyDown'; readonly key: string }
  | { readonly does: 'keyUp'; readonly key: string }
  | { readonly does: 'move'; readonly x: number; readonly y: number }
  | { readonly does: 'press'; readonly clicks: number }
  | { readonly does: 'release'; readonly clicks: number }
  | { readonly does: 'wait'; readonly ms: number };

/** `Shift+Enter` holds Shift around Enter. */
export const stroke = (combination: string): Input[] => {
  const keys = combination === '+' ? ['+'] : combination.split('+');
  return [
    ...keys.map((key): Input => ({ does: 'keyDown', key })),
    ...keys.toReversed().map((key): Input => ({ does: 'keyUp', key })),
  ];
};

/** One key after the other, as fast as the engine takes them or with a pause after each. */
export const typed = (text: string, delayMs: number): Input[] =>
  [...text].flatMap((character): Input[] => {
    const key = character === '\n' ? 'Enter' : character;
    const pause: Input[] = delayMs > 0 ? [{ does: 'wait', ms: delayMs }] : [];
    return [{ does: 'keyDown', key }, { does: 'keyUp', key }, ...pause];
  });

/** One click, or two in a row. */
export const clicks = ({ x, y }: { readonly x: number; readonly y: number }, count: number): Input[] => [
  { does: 'move', x, y },
  ...Array.from({ length: count }, (_, index): Input[] => [
    { does: 'press', clicks: index + 1 },
    { does: 'release', clicks: index + 1 },
  ]).flat(),
];
