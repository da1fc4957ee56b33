import config from './jest.config';

/** Every fault test, the slow ones that `npm test` leaves out included. */
export default {
  ...config,
  roots: ['<rootDir>/test/faults'],
  testPathIgnorePatterns: [],
  // DROP DATABASE waits for every session of the server, and one that reads a COPY from a line gone silent answers only
  // when the service gives up on it, after a minute.
  testTimeout: 120_000,
};
