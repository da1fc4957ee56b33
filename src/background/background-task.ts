/** Work that goes on after its request was answered, in slices, each of them a job of the queue. */
export interface BackgroundTask {
  /** Of its jobs. */
  name: string;
  /**
   * Advances by one slice what the job's payload names. Rejects only where that could not be: the job is tried again.
   * @param stopping asks the slice to end soon and to give its work back to the queue.
   */
  work: (payload: unknown, stopping: () => boolean) => Promise<void>;
  /** Queues again what has stood still for too long: its process died, or its job was lost with it. */
  reclaim: (at: Date) => Promise<void>;
}
