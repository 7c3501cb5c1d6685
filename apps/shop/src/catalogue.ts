export const CATEGORIES = ['sleep', 'cook', 'find', 'carry'] as const;
export type Category = (typeof CATEGORIES)[number];

/** Something the shop sells. Its picture is `public/pictures/<id>.svg`. */
export interface Article {
  readonly id: string;
  readonly name: string;
  readonly about: string;
  readonly category: Category;
  /** With tax. */
  readonly cents: number;
  /** How many a full shelf holds. */
  readonly stock: number;
}

export const CATALOGUE: readonly Article[] = [
  { id: 'tent', name: 'Lee Shore tent', about: 'Two people, one pole', category: 'sleep', cents: 24_900, stock: 4 },
  { id: 'hammock', name: 'Slack Tide hammock', about: 'Linen, with rope', category: 'sleep', cents: 6_450, stock: 9 },
  { id: 'blanket', name: 'Fog blanket', about: 'Wool, rolls up small', category: 'sleep', cents: 7_800, stock: 6 },
  { id: 'kettle', name: 'Gull kettle', about: 'Enamel, 1.2 litres', category: 'cook', cents: 3_995, stock: 12 },
  { id: 'mug', name: 'Tin mug', about: 'Survives the rocks', category: 'cook', cents: 1_250, stock: 40 },
  { id: 'stove', name: 'Ember stove', about: 'Boils in four minutes', category: 'cook', cents: 5_900, stock: 3 },
  { id: 'compass', name: 'Pilot compass', about: 'Brass, made in 1962', category: 'find', cents: 8_900, stock: 1 },
  { id: 'map', name: 'Coast map', about: 'Paper that stays dry', category: 'find', cents: 1_890, stock: 25 },
  { id: 'lantern', name: 'Keeper lantern', about: 'Forty hours of light', category: 'find', cents: 4_600, stock: 8 },
  { id: 'backpack', name: 'Drift backpack', about: '28 litres, waxed', category: 'carry', cents: 11_900, stock: 5 },
  { id: 'rope', name: 'Mooring rope', about: 'Twenty metres', category: 'carry', cents: 2_350, stock: 18 },
  { id: 'drybag', name: 'Spray dry bag', about: 'Ten litres, welded', category: 'carry', cents: 2_790, stock: 14 },
];

const BY_ID: ReadonlyMap<string, Article> = new Map(CATALOGUE.map((article) => [article.id, article]));

/** @throws RangeError for an id that the catalogue does not have */
export const articleOf = (id: string): Article => {
  const article = BY_ID.get(id);
  if (!article) throw new RangeError(`The catalogue has no article "${id}".`);
  return article;
};
