import { MemoryWidgetStore } from './memory.widget-store.js';
import { describeWidgetStore } from './widget-store.contract.js';

describeWidgetStore('memory', (options) => new MemoryWidgetStore(options));
