import type { DynamicModule } from '@nestjs/common';
import { Backend, MemoryBackend } from 'nest-live/extend';

/** What several applications of one process have in common. */
export interface SharedBackend {
  /** To be imported by each of them. */
  readonly module: DynamicModule;
  /** Ends what the applications themselves leave alone. */
  end(): Promise<void>;
}

class OneMemory extends MemoryBackend {
  override readonly isShared = true as unknown as false;

  /** The other node still needs it. */
  override close(): Promise<void> {
    return Promise.resolve();
  }

  end(): Promise<void> {
    return super.close();
  }
}

class SharedMemoryModule {}

/** One memory behind several applications of one process: what a node tells the others really leaves it. */
export const sharedMemory = (): SharedBackend => {
  const backend = new OneMemory();
  return {
    module: {
      module: SharedMemoryModule,
      global: true,
      providers: [{ provide: Backend, useValue: backend }],
      exports: [Backend],
    },
    end: () => backend.end(),
  };
};
