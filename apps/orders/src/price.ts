const EURO = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' });

/** Money is counted in cents and becomes text here alone: `priceOf(1_250)` is `€12.50`. */
export const priceOf = (cents: number): string => EURO.format(cents / 100);

/** Of one line, in cents, however far it is filled in. */
export const centsOf = ({ quantity, price }: { readonly quantity?: unknown; readonly price?: unknown }): number => {
  const cents = Math.round(Number(quantity ?? 0) * Math.round(Number(price ?? 0) * 100));
  return Number.isFinite(cents) ? cents : 0;
};
