/** A package of the folder beside this file; `npm run compat` installs them. It brings no types into the repository. */
export const installed = async <T>(name: string): Promise<T> => {
  try {
    return (await import(name)) as T;
  } catch (cause) {
    throw new Error(`"${name}" of test/compat/packages is not installed: run "npm run compat"`, { cause });
  }
};
