import { describeConnectionRouter } from './connection-router.contract.js';
import { MemoryConnectionRouter } from './memory.connection-router.js';

class CountedConnectionRouter extends MemoryConnectionRouter {
  get held(): number {
    return this.announced.size + this.holding.size;
  }
}

describeConnectionRouter('memory', async (options) => {
  const router = new CountedConnectionRouter(options);
  return { routers: [router, router], count: async () => router.held };
});
