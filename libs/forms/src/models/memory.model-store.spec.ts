import { MemoryModelStore } from './memory.model-store.js';
import { describeModelStore } from './model-store.contract.js';

describeModelStore('memory', async () => {
  const store = new MemoryModelStore({
    targets: { customer: 'customer', tags: 'tag' },
    unique: new Map([['invoice', ['title']]]),
  });
  const names = (entity: string, list: readonly string[]) =>
    list.map((name) => store.put(entity, { name, active: name !== 'Zoe' }));
  const made: (string | number)[] = [];
  const { put } = store;
  store.put = (entity, values) => {
    const id = put.call(store, entity, entity === 'invoice' ? { isStaff: false, ...values } : values);
    if (entity === 'invoice') made.push(id);
    return id;
  };
  return {
    store,
    invoice: 'invoice',
    customers: names('customer', ['Ada', 'Grace', 'Zoe']),
    tags: names('tag', ['blue', 'red']),
    clear: async () => made.splice(0).forEach((id) => store.remove('invoice', id)),
    row: async (id) => store.get('invoice', id),
    change: async (id, values) => void store.put('invoice', { ...store.get('invoice', id), ...values }),
    remove: async (id) => store.remove('invoice', id),
    close: async () => undefined,
  };
});
