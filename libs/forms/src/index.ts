export { FormComponent, type Initial } from './form.component.js';
export type { FieldErrors, ReadForm } from './dto.reader.js';
export type { FormData } from './form.data.js';
export { decodeForm, type Entered } from './form.decoder.js';
export { DecorateSubmit } from './submit.decorator.js';
export { WizardComponent, type WizardStep } from './wizard.component.js';
export { answerText, errorsId, fieldErrors, fieldId, fieldText, hasFieldError, isChosen } from './form.values.js';
export { MemoryModelStore, type MemoryModelStoreOptions } from './models/memory.model-store.js';
export type { FieldChangedElsewhere, FieldConflict, ModelConflict } from './models/model-conflict.js';
export { NotUniqueError, RecordChangedError, RecordNotFoundError } from './models/model-errors.js';
export { ModelFormComponent, type Added } from './models/model-form.component.js';
export {
  ModelStore,
  type ModelChange,
  type ModelWork,
  type ModelWrite,
  type WantedChoices,
} from './models/model-store.js';
export type { FormRelation } from './models/form.model.js';
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
} from './models/model.js';
