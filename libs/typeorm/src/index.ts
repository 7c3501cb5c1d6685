export { Inbox, type EventOfWork } from './inbox.js';
export { InboxModule } from './inbox.module.js';
export type { InboxOptions } from './inbox.options.js';
export { ProcessedEvent } from './processed-event.entity.js';
export { CreateProcessedEvents1700000000000 } from './processed-events.migration.js';
export { TypeOrmModelStore } from './type-orm.model-store.js';
export { ModelFormComponent } from 'nest-live/forms';
export { ModelFormsModule, type ModelFormsOptions } from './model-forms.module.js';
