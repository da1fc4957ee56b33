/**
 * Key of the advisory lock that every writing transaction takes shared and the rollback of the wiring keys takes
 * exclusively. Without this gate a rollback would queue for its table locks in the middle of other transactions,
 * and whoever locked the tables in another order would die of a deadlock. Any constant of our own; it must be the
 * same in every process that shares a database.
 */
export const WRITERS_GATE = 7_301_864_221_001;
