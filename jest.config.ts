import type { Config } from 'jest';

const config: Config = {
  roots: ['<rootDir>/src', '<rootDir>/test', '<rootDir>/scripts'],
  testRegex: '\\.spec\\.ts$',
  // Faults at every point that there is take minutes; `npm run test:faults` runs them.
  testPathIgnorePatterns: ['/node_modules/', '\\.slow\\.spec\\.ts$'],
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': '@swc/jest' },
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  testTimeout: 60_000,
  maxWorkers: 2,
};

export default config;
