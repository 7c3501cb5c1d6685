export default {
  testEnvironment: 'node',
  // Shared machines stall for seconds; a test that waits for ever still ends.
  testTimeout: 30_000,
  // Most suites wait more than they work: three share two cores well.
  maxWorkers: 3,
  // Modules of the suites before stay in a worker's memory, and make the next ones slower: begin again in time.
  workerIdleMemoryLimit: '1GB',
  testEnvironmentOptions: { customExportConditions: ['@nest-live/source', 'node', 'node-addons'] },
  roots: ['<rootDir>/src', '<rootDir>/libs', '<rootDir>/test', '<rootDir>/apps'],
  testMatch: ['**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
};
