export { FormComponent, type Initial } from './form.component.js';
export type { FieldErrors, ReadForm } from './dto.reader.js';
export type { FormData } from './form.data.js';
export { decodeForm, type Entered } from './form.decoder.js';
export { DecorateSubmit } from './submit.decorator.js';
export { WizardComponent, type WizardStep } from './wizard.component.js';
export { answerText, errorsId, fieldErrors, fieldId, fieldText, hasFieldError, isChosen } from './form.values.js';
export { MemoryModelStore, type MemoryModelStoreOptions } from './memory.model-store.js';
export type { FieldChangedElsewhere, FieldConflict, ModelConflict } from './model-conflict.js';
export { NotUniqueError, RecordChangedError, RecordNotFoundError } from './model-errors.js';
export { ModelFormComponent, type Added } from './model-form.component.js';
export { ModelStore, type ModelChange, type ModelWork, type ModelWrite, type WantedChoices } from './model-store.js';
export type { FormRelation } from './form.model.js';
export type {
  ManyRelation,
  Model,
  ModelChoice,
  ModelEntity,
  ModelId,
  ModelRecord,
  ModelRelation,
  ModelValues,
  OneRelation,
  RowsRelation,
} from './model.js';
