export const TEAS = [
  { name: 'Sencha', euros: 8.5 },
  { name: 'Darjeeling', euros: 11 },
  { name: 'Oolong', euros: 14.2 },
  { name: 'Rooibos', euros: 5.9 },
] as const;
