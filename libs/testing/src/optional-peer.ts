/** What a package is needed for, and everything that is installed for it. */
export interface PeerUse {
  readonly purpose: string;
  readonly install: string;
}

/**
 * A package that only some tests need, loaded when the first of them asks.
 * @throws Error naming the package, what it is for and the line that installs it
 */
export const optionalPeer = async <T>(name: string, { purpose, install }: PeerUse): Promise<T> => {
  try {
    return (await import(name)) as T;
  } catch (cause) {
    if (!isMissing(cause, name)) {
      throw cause;
    }
    throw new Error(`${purpose} needs "${name}", which is not installed: npm install --save-dev ${install}`, { cause });
  }
};

/** Not there at all; a package that is there and broken says so itself. */
const isMissing = (error: unknown, name: string): boolean => {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  return /MODULE_NOT_FOUND/.test(code ?? '') && (message ?? '').includes(`'${name}'`);
};
