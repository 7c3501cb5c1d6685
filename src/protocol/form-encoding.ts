const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;
const FORM = Symbol('nest-live:form-encoded');

/** Text as a form sends it, where a handler asks for one field: read as the declared type. */
export class FormText {
  constructor(readonly text: string) {}
}

/** Marks a payload as form-encoded: its values are text until a declared type says otherwise. */
export const markFormEncoded = <T extends object>(payload: T): T =>
  Object.defineProperty(payload, FORM, { value: true, enumerable: false });

export const isFormEncoded = (payload: unknown): boolean =>
  typeof payload === 'object' && payload !== null && (payload as { [FORM]?: true })[FORM] === true;

/** Whether a `Content-Type` is that of a form, however it is written. */
export const isFormType = (type: string | undefined): boolean => FORM_TYPE.test(type ?? '');
