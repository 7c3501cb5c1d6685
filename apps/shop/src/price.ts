const EURO = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' });

/** Money is counted in cents and becomes text here alone: `priceOf(1_250)` is `€12.50`. */
export const priceOf = (cents: number): string => EURO.format(cents / 100);
