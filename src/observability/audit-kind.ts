import type { LiveErrorCode } from '../errors/catalogue.js';
import type { LiveError } from '../errors/live-error.js';
import type { AuditKind } from './audit-log.js';

const BY_CODE: { readonly [Code in LiveErrorCode]?: AuditKind } = {
  PROP_LOCKED: 'locked-prop',
  SESSION_REVOKED: 'revoked-use',
  ORIGIN_REJECTED: 'origin-refused',
};

/** The client sees one answer to every bad token; why it is bad stands in the error's own words. */
const BY_REASON: readonly (readonly [code: LiveErrorCode, reason: RegExp, kind: AuditKind])[] = [
  ['STATE_INVALID', /wrong_principal/, 'wrong-principal'],
  ['STATE_INVALID', /key unknown/, 'key-unknown'],
  ['STATE_INVALID', /./, 'bad-token'],
  ['UPLOAD_TOKEN_INVALID', /wrong_principal/, 'wrong-principal'],
  ['UPLOAD_TOKEN_INVALID', /^state\.invalid/, 'bad-token'],
  ['BAD_FRAME', /never given|no known name/, 'forged-message'],
];

/** Which refusals are security events, and of which kind. */
export const auditKindOf = ({ code, message }: LiveError): AuditKind | undefined =>
  BY_CODE[code] ?? BY_REASON.find(([which, reason]) => which === code && reason.test(message))?.[2];
