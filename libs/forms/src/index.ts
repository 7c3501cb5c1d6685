export { FormComponent, type Initial } from './form.component.js';
export type { FieldErrors, ReadForm } from './dto.reader.js';
export type { FormData } from './form.data.js';
export { decodeForm, type Entered } from './form.decoder.js';
export { WizardComponent, type WizardStep } from './wizard.component.js';
export { answerText, errorsId, fieldErrors, fieldId, fieldText, hasFieldError, isChosen } from './form.helpers.js';
