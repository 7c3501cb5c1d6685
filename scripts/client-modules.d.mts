export const CLIENT_MODULES: Readonly<
  Record<string, { readonly attributes: readonly string[]; readonly budgetBytes: number }>
>;
