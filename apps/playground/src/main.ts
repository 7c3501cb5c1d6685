import 'reflect-metadata';

import { createPlayground } from './create-playground.js';

const port = process.env.PORT || '3000';

try {
  const app = await createPlayground({ logger: ['error', 'warn'] });
  await app.listen(port);
  console.log(`The playground is at ${(await app.getUrl()).replace('[::1]', 'localhost')}`);
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  const next = Number(port) + 1;
  console.error(
    code === 'EADDRINUSE'
      ? `Port ${port} is taken. Choose another: PORT=${next} npm start`
      : `It did not start: ${message}`,
  );
  process.exit(1);
}
