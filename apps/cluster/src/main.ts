import { join } from 'node:path';

import { Cluster } from './supervisor/cluster.js';

const cluster = await Cluster.start({
  nodeMain: join(import.meta.dirname, 'node/main.js'),
  port: Number(process.env.PORT || 3100),
  redisUrl: process.env.REDIS_URL,
});
console.log(`Two nodes answer at ${cluster.url}. Kill them from the page; they come back.`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    cluster.close();
    process.exit(0);
  });
}
