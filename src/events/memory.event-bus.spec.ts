import { describeEventBus } from './event-bus.contract.js';
import { MemoryEventBus } from './memory.event-bus.js';

describeEventBus('memory', async (options) => {
  const bus = new MemoryEventBus(options);
  return [bus, bus];
});
