import config from './jest.config';

/** Every fault test, the slow ones that `npm test` leaves out included. */
export default {
  ...config,
  roots: ['<rootDir>/test/faults'],
  testPathIgnorePatterns: [],
};
