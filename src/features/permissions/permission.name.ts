import { LiveSetupError } from '../../errors/setup-error.js';

/** A requirement without a name would let everybody through, or nobody. @throws LiveSetupError `PERMISSION_INVALID` */
export const checkPermission = (permission: unknown, where: string): void => {
  if (typeof permission !== 'string' || permission.trim() === '') {
    throw new LiveSetupError(
      'PERMISSION_INVALID',
      `${where} names no permission. Write what is needed, such as 'orders:write'; for nobody in particular, use AllowAny.`,
    );
  }
};
