/** What a developer can get wrong before the first request. Shown at start-up (or at the first render in development). */
export type SetupErrorCode =
  | 'BACKEND_EVICTS'
  | 'BACKEND_NOT_SHARED'
  | 'BACKEND_OUTDATED'
  | 'BACKEND_REFUSED'
  | 'BACKEND_UNREACHABLE'
  | 'BACKEND_UNSUPPORTED'
  | 'COMPONENT_NAME_TAKEN'
  | 'COMPONENT_NAME_INVALID'
  | 'COMPONENT_NOT_A_CLASS'
  | 'DTO_WITHOUT_RULES'
  | 'EVENT_NAME_TAKEN'
  | 'EVENT_NAME_INVALID'
  | 'FIELD_RESERVED'
  | 'FORM_INVALID'
  | 'HANDLER_UNSUPPORTED'
  | 'KEY_TAKEN'
  | 'KEYS_MISSING'
  | 'KEYS_WEAK'
  | 'MIGRATION_INVALID'
  | 'MISTAKES_FOUND'
  | 'MODEL_INVALID'
  | 'OPTIMISTIC_INVALID'
  | 'OPTION_INVALID'
  | 'PERMISSION_INVALID'
  | 'RATE_LIMIT_INVALID'
  | 'SLOT_UNKNOWN'
  | 'SOCKET_ADAPTER_UNSUPPORTED'
  | 'TEMPLATE_NOT_FOUND'
  | 'TEMPLATE_INVALID'
  | 'TEMPLATE_ROOT'
  | 'TEMPLATE_UNKNOWN_FIELD'
  | 'TEMPLATE_UNSAFE_CONTEXT';

/** A mistake in the application's own code: says what happened, where, and what to do. */
export class LiveSetupError extends Error {
  override readonly name = 'LiveSetupError';

  constructor(
    readonly code: SetupErrorCode,
    message: string,
  ) {
    super(`${message} [${code}]`);
  }
}
